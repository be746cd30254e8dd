import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

import { file, jsonl, outcomeOf, planOf, sentSpans, span } from './make-plan.js';

const began = Date.UTC(2025, 5, 5, 10);
const at = (seconds: number): string => new Date(began + seconds * 1000).toISOString();

/** Rows of so many traces; in each a span encloses two, and no row names a parent. */
function traces(
  count: number,
  row: (trace: string, id: string, from: number, to: number) => object,
): object[] {
  return Array.from({ length: count }, (_, number) => {
    const trace = `trace ${number}`;
    return [
      row(trace, `inner "${number}" ✓`, 2, 3),
      row(trace, `outer\\${number}`, 0, 9),
      row(trace, `last-${number}`, 4, 8),
    ];
  }).flat();
}

const native = (trace: string, id: string, from: number, to: number): object =>
  span({ trace_unique_id: trace, span_unique_id: id, start_time: at(from), timestamp: at(to) });
const flat = (trace: string, id: string, from: number, to: number): object => ({
  trace_id: trace,
  id,
  question: 'why?',
  start_time: at(from),
  end_time: at(to),
});

const parentsOf = (spans: readonly Record<string, unknown>[]): Record<string, unknown> =>
  Object.fromEntries(spans.map((each) => [each['span_unique_id'], each['span_parent_id']]));

describe.each([
  ['native rows', native],
  ['mapped rows', flat],
])('inferred parents of %s', (_, row) => {
  // More spans than are patched together.
  const rows = traces(1200, row);

  it.each([
    ['a file', (text: string) => file(text)],
    ['a compressed file', (text: string) => file(gzipSync(text), 'input.gz')],
  ])('are written into spans from %s, and a dry run knows their length', async (_name, write) => {
    const input = write(jsonl(rows));
    const imported = await planOf([input]);
    const dry = await planOf([input], { dryRun: true });
    const parents = parentsOf(sentSpans(imported.plan));
    const wrong = Array.from({ length: 1200 }, (_each, number) => number).filter(
      (number) =>
        parents[`inner "${number}" ✓`] !== `outer\\${number}` ||
        parents[`last-${number}`] !== `outer\\${number}` ||
        parents[`outer\\${number}`] !== undefined,
    );
    expect(wrong).toEqual([]);
    expect(outcomeOf(dry)).toEqual(outcomeOf(imported));
  });
});

describe('a row that is a span', () => {
  it('keeps its own bytes beside the parent, and is not taken for one that it holds', async () => {
    const inner = `{ "span_unique_id" : "a", "cost": 1.50, "trace_unique_id": "t", "start_time": "${at(1)}", "timestamp": "${at(2)}" }`;
    const metadata = `{"span_unique_id": "a"}`;
    const escaped = String.raw`"span_unique_i\u0064": "b"`;
    const outer = `{"metadata": ${metadata}, ${escaped}, "trace_unique_id": "t", "start_time": "${at(0)}", "timestamp": "${at(9)}"}`;
    const input = file(`${inner}\n${outer}\n`);
    const { plan } = await planOf([input]);
    const [first, second] = sentSpans(plan);
    expect(first).toMatchObject({ span_unique_id: 'b' });
    expect(second).toMatchObject({ span_unique_id: 'a', span_parent_id: 'b', cost: 1.5 });
    const added = Buffer.byteLength('"span_parent_id":"b",');
    expect(plan.index.lengthOf(0)).toBe(inner.length + added);
    const dry = await planOf([input], { dryRun: true });
    expect(dry.plan.index.lengthOf(0)).toBe(inner.length + added);
  });

  it('may have a parent whose id is longer than most', async () => {
    const long = 'x'.repeat(400);
    const input = file(jsonl([native('t', 'child', 1, 2), native('t', long, 0, 3)]));
    const imported = await planOf([input]);
    expect(parentsOf(sentSpans(imported.plan))).toEqual({ child: long, [long]: undefined });
    expect(outcomeOf(await planOf([input], { dryRun: true }))).toEqual(outcomeOf(imported));
  });
});
