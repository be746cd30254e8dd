import { describe, expect, test } from 'vitest';
import { mostSkew } from '../../bench/inference/distortions.js';
import { families, generate } from '../../bench/inference/families.js';

const traces = 5;

describe.each(families)('generated traces: $name', (family) => {
  const generated = generate(family, traces, 1);

  test('the same seed gives the same traces, another one others', () => {
    expect(generate(family, traces, 1)).toEqual(generated);
    expect(generate(family, traces, 2)).not.toEqual(generated);
  });

  test('every span has a name, whole microseconds, and hangs from a root', () => {
    for (const trace of generated) {
      expect(trace.length).toBeGreaterThan(3);
      for (const [row, { name, start, end }] of trace.entries()) {
        expect(name).not.toBe('');
        expect(Number.isSafeInteger(start)).toBe(true);
        expect(Number.isNaN(end) || (Number.isSafeInteger(end) && end >= start)).toBe(true);
        const seen = new Set<number>();
        for (let above: number | undefined = row; above !== undefined; above = trace[above]?.parent) {
          expect(trace[above]).toBeDefined();
          expect(seen).not.toContain(above);
          seen.add(above);
        }
      }
    }
  });
});

test.each(families.filter(({ nested }) => nested))('every child lies within its parent: $name', (nested) => {
  for (const trace of generate(nested, traces, 1)) {
    for (const { start, end, parent } of trace) {
      if (parent === undefined) continue;
      expect(trace[parent]!.start).toBeLessThanOrEqual(start);
      expect(trace[parent]!.end).toBeGreaterThanOrEqual(end);
    }
  }
});

function family(name: string) {
  const found = families.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no family ${name}`);
  return generate(found, traces, 1);
}

function edges(name: string) {
  return family(name).flatMap((trace) =>
    trace.flatMap((child, row) => {
      const { parent } = child;
      return parent === undefined ? [] : [{ child, row, parentRow: parent, parent: trace[parent]! }];
    }),
  );
}

test('children come before their parents where the rows are written as spans end', () => {
  for (const { row, parentRow } of edges('children before parents')) expect(row).toBeLessThan(parentRow);
});

test('clocks are no further apart than said, and far enough to tear children out of their parents', () => {
  const torn = edges('clocks up to 5 ms apart').map(({ child, parent }) =>
    Math.max(parent.start - child.start, child.end - parent.end, 0),
  );
  expect(Math.max(...torn)).toBeGreaterThan(0);
  expect(Math.max(...torn)).toBeLessThanOrEqual(mostSkew);
});

test('a model goes on streaming after the step that called it', () => {
  expect(edges('streaming overlaps').some(({ child, parent }) => child.end > parent.end)).toBe(true);
});

test('times are whole seconds, some spans have no end, some no length, and a trace has several roots', () => {
  for (const { start, end } of family('whole seconds').flat()) {
    expect(start % 1_000_000).toBe(0);
    expect(end % 1_000_000).toBe(0);
  }
  expect(
    family('spans without an end')
      .flat()
      .some(({ end }) => Number.isNaN(end)),
  ).toBe(true);
  expect(
    family('events of no length')
      .flat()
      .some(({ start, end }) => start === end),
  ).toBe(true);
  for (const trace of family('several roots')) {
    expect(trace.filter(({ parent }) => parent === undefined).length).toBeGreaterThan(1);
  }
});
