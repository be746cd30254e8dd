import { expect, test } from 'vitest';
import { generic } from '../../src/sources/generic.js';
import type { Warning } from '../../src/input/row.js';
import { mapContext } from './map-context.js';

function warningsOf(row: Record<string, unknown>): readonly Warning[] {
  const mapped = generic.map(row, mapContext({ text: () => JSON.stringify(row) }));
  if (mapped.kind !== 'drafts') throw new Error(mapped.kind);
  return mapped.drafts.flatMap(({ warnings }) => warnings ?? []);
}

function commandIn(warning: Warning | undefined): string | undefined {
  return /jq -c '[^']*'/.exec(warning?.message ?? '')?.[0];
}

test.each([
  [{ pages: 1, things: [{ a: 1 }] }, "jq -c '.things[]'"],
  [{ answer_page: { things: [{ a: 1 }] } }, "jq -c '.answer_page.things[]'"],
  [{ colour: 'red', sizes: [1, 2] }, undefined],
  [{ 'no; name': [{ a: 1 }] }, undefined],
])('a row of which nothing is known tells where its rows may be', (row, command) => {
  const [warning] = warningsOf(row);
  expect(warning?.code).toBe('nothing_recognised');
  expect(commandIn(warning)).toBe(command);
});

const sample = { id: 1, input: 'q', output: 'a' };

test('a row that tells of no call, but holds a list of calls, says so', () => {
  const [warning] = warningsOf({ status: 'success', samples: [sample, sample] });
  expect(warning?.code).toBe('rows_inside');
  expect(commandIn(warning)).toBe("jq -c '.samples[]'");
});

test.each([
  ['tells of a call itself', { model: 'gpt-4o', samples: [sample] }],
  ['holds other lists', { status: 'success', samples: [{ id: 1, colour: 'red' }, sample] }],
])('a row that %s does not', (_what, row) => {
  expect(warningsOf(row)).toEqual([]);
});
