import { expect, it } from 'vitest';

import { FindingsByTrace } from '../../src/trace/trace-findings.js';
import { indexOf } from './factories.js';

/** Twelve traces of thirty spans each; span number 30 t + s is span s of trace t. */
const { index } = indexOf(
  Array.from({ length: 360 }, (_, place) => ({
    trace: `t${Math.floor(place / 30)}`,
    id: `s${place % 30}`,
  })),
);

it('gives the worst ten traces: first by warnings, then by notes, then by their order', () => {
  const findings = new FindingsByTrace(index);
  for (let trace = 0; trace < 12; trace++) {
    for (let span = 0; span <= trace; span++) {
      findings.add({ code: 'child_outside_parent', span: trace * 30 + span }, 'note');
    }
  }
  findings.add({ code: 'orphan_parent', span: 2 * 30 }, 'warn');
  findings.add({ code: 'cycle', span: 1 * 30 }, 'warn');
  const worst = findings.worst();
  expect(worst.map(({ trace }) => trace)).toEqual([2, 1, 11, 10, 9, 8, 7, 6, 5, 4]);
  expect(worst[0]).toEqual({
    trace: 2,
    warnings: 1,
    notes: 3,
    codes: { orphan_parent: 1, child_outside_parent: 3 },
    spans: [
      { code: 'orphan_parent', span: 60 },
      { code: 'child_outside_parent', span: 60 },
      { code: 'child_outside_parent', span: 61 },
      { code: 'child_outside_parent', span: 62 },
    ],
  });
});

it('tells what was found wrong with any span, in any trace', () => {
  const findings = new FindingsByTrace(index);
  findings.add({ code: 'child_outside_parent', span: 7 }, 'note');
  findings.add({ code: 'cycle', span: 7 }, 'warn');
  expect([findings.codesOf(7), findings.codesOf(8)]).toEqual([['cycle', 'child_outside_parent'], []]);
});

it('blames what breaks a tree before what is odd about it', () => {
  const findings = new FindingsByTrace(index);
  for (let span = 0; span < 29; span++) findings.add({ code: 'child_outside_parent', span }, 'note');
  findings.add({ code: 'orphan_parent', span: 29 }, 'warn');
  const spans = findings.worst()[0]?.spans;
  expect(spans?.[0]).toEqual({ code: 'orphan_parent', span: 29 });
  expect(spans).toHaveLength(20);
});

it('counts all findings of a trace and names the first twenty', () => {
  const findings = new FindingsByTrace(index);
  for (let span = 29; span >= 0; span--) findings.add({ code: 'orphan_parent', span }, 'warn');
  const [trace, ...others] = findings.worst();
  expect(others).toEqual([]);
  expect(trace).toMatchObject({ trace: 0, warnings: 30, notes: 0, codes: { orphan_parent: 30 } });
  expect(trace?.spans.map(({ span }) => span)).toEqual(Array.from({ length: 20 }, (_, span) => span));
});

it('gives nothing where nothing was found', () => {
  expect(new FindingsByTrace(index).worst()).toEqual([]);
});
