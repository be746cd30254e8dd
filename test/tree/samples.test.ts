import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { cellsOf } from '../../src/report/cells.js';
import { createPaint } from '../../src/report/terminal.js';
import { renderTrees } from '../../src/report/tree/tree-report.js';
import { excerptsOfPlan, treesOfPlan } from '../../src/tree/trees-of-plan.js';
import { planOf } from '../plan/make-plan.js';
import { samplesAreMissing, samplesFolder } from '../sources/import-sample.js';

const width = 80;

function samples(): string[] {
  if (samplesAreMissing) return [];
  return readdirSync(samplesFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && path.relative(samplesFolder, entry.parentPath) !== '')
    .map((entry) => path.relative(samplesFolder, path.join(entry.parentPath, entry.name)))
    .toSorted();
}

test.skipIf(samplesAreMissing)('real exports are there (they are no part of the project)', () => {
  expect(samples().length).toBeGreaterThan(20);
});

test.each(samples())('%s is drawn whole, each span once', async (sample) => {
  const { plan } = await planOf([path.join(samplesFolder, sample)], { dryRun: true });
  let drawn = 0;
  const options = { trace: undefined, traces: Infinity, depth: Infinity, all: true };
  const traces = [...treesOfPlan(plan, options)].map((trace) => ({ ...trace, rows: [...trace.rows] }));
  for (const { rows } of traces) drawn += rows.filter(({ kind }) => kind === 'span').length;
  expect(drawn).toBe(plan.index.defined);

  const totals = { traces: traces.length, spans: drawn, rowsRead: 0, rowsRejected: 0, exitCode: 0 } as const;
  const text = { paint: createPaint(false), ascii: false, width, namesInputs: false };
  for (const line of renderTrees(traces, totals, false, text))
    expect(cellsOf(line.trimEnd())).toBeLessThanOrEqual(width);
  for (const { rows } of excerptsOfPlan(plan, 2)) expect([...rows].length).toBeLessThanOrEqual(20);
});
