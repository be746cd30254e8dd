import { describe, expect, test } from 'vitest';
import { judge, type Gain } from '../../bench/inference/rules.js';

/** By file; several files of a source are told apart by what follows its name after a blank. */
function judged(gains: Record<string, Partial<Gain>>) {
  return judge(
    Object.entries(gains).map(([file, gain]) => ({
      source: file.split(' ')[0]!,
      gain: { found: 0, right: 0, wrong: 0, ...gain },
    })),
  );
}

describe('what a rule is worth', () => {
  test('is the sum over the sources, and what is left without the one that it helps most', () => {
    expect(
      judged({
        'langfuse a': { found: 2 },
        'langfuse b': { found: 1, right: 2 },
        phoenix: { found: 1, wrong: -1 },
        otlp: {},
      }),
    ).toEqual({
      total: { found: 4, right: 2, wrong: -1 },
      sources: { better: 2, worse: 0 },
      files: { better: 3, worse: 0 },
      withoutBest: { found: 1, right: 0, wrong: -1 },
      remark: '',
    });
  });

  test('a rule that helps one source and no other lives on it alone', () => {
    expect(judged({ langfuse: { found: 5 }, phoenix: {}, otlp: { wrong: 1 } })).toMatchObject({
      sources: { better: 1, worse: 1 },
      withoutBest: { found: 0, wrong: 1 },
      remark: 'lives on langfuse alone',
    });
  });

  test('a confident mistake outweighs a few confident edges more', () => {
    expect(judged({ langfuse: { right: 9, wrong: 1 } }).remark).toBe('harms');
    expect(judged({ langfuse: { right: 11, wrong: 1 } }).remark).toBe('lives on langfuse alone');
    expect(judged({ langfuse: { found: 1 }, phoenix: { wrong: 3 } }).remark).toBe('harms more than it helps');
    expect(judged({ langfuse: {} }).remark).toBe('no difference');
  });
});
