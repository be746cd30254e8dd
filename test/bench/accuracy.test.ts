import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { allRules } from '../../bench/inference/engine.js';
import { inference } from '../../bench/inference/inference.js';
import { measureAll, subjects } from '../../bench/inference/measured.js';
import { sum } from '../../bench/inference/score.js';

// Figures that README.md and BENCHMARKS.md publish: a change that costs one of them must be seen.
const samples = new URL('../../../shared/samples', import.meta.url);
const known = await subjects(undefined);
const measured = measureAll(known, inference(allRules));

describe.skipIf(!existsSync(samples))(
  'parents of real LLM and agent traces (needs ../shared/samples)',
  () => {
    const files = measured.filter(({ group }) => group === 'agents');
    const total = sum(files.map(({ score }) => score));

    test('are found again, 92 of 100', () => {
      expect(total.edges).toBeGreaterThan(400);
      expect(total.found / total.edges).toBeGreaterThanOrEqual(0.92);
    });

    test('are told as certain for 70 of 100, and are right in 99 of 100 of these', () => {
      expect(total.confident / total.edges).toBeGreaterThanOrEqual(0.7);
      expect(total.confidentRight / total.confident).toBeGreaterThanOrEqual(0.99);
    });

    test.each(files.map((file) => [file.name, file] as const))(
      '%s: found by no simple rule more often',
      (_, { score, baselines }) => {
        for (const baseline of baselines) expect(score.found).toBeGreaterThanOrEqual(baseline.found);
      },
    );
  },
);

describe('parents of generated traces', () => {
  test.each(['sequential agents', 'nested retries', 'calls of services', 'children before parents'])(
    '%s: all are found, and told as certain',
    (family) => {
      const { score } = measured.find(({ name }) => name === family)!;
      expect(score.edges).toBeGreaterThan(200);
      expect([score.found, score.confidentRight]).toEqual([score.edges, score.edges]);
    },
  );

  test('without any of the rules, fewer are found', () => {
    const none = Object.fromEntries(Object.keys(allRules).map((rule) => [rule, false]));
    const without = measureAll(known, inference({ ...allRules, ...none }));
    const found = (scores: typeof measured): number => sum(scores.map(({ score }) => score)).found;
    expect(found(without)).toBeLessThan(found(measured));
  });
});
