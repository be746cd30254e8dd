import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { columnPlan, planColumns } from '../../src/sources/column-plan.js';
import { sortColumns } from '../../src/sources/columns.js';
import { buildGenericDraft } from '../../src/sources/generic-draft.js';

const name = fc.constantFrom(
  ...'id trace_id parent_id started_at ended_at timestamp created duration latency_ms ttft_ms'.split(' '),
  ...'status status_code error success session_id thread_id kind type model input prompt output cost'.split(
    ' ',
  ),
  ...'total_cost usage metadata temperature user_id mood __proto__ 0'.split(' '),
);
const value = fc.oneof(
  fc.constantFrom<unknown>(null, '', 'None', 7, '2025-01-01T00:00:00Z', true, 'error', 'words'),
  fc.dictionary(fc.constantFrom('cost', 'input', 'prompt_tokens', 'a'), fc.integer(), { maxKeys: 3 }),
);
const row = fc
  .array(fc.tuple(name, value), { maxLength: 12 })
  .map((entries): Record<string, unknown> => Object.fromEntries(entries));

describe('rows of the same columns', () => {
  it('are mapped as if each were the only one', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), (rows) => {
        for (const each of rows) {
          const columns = sortColumns(each, () => JSON.stringify(each));
          const alone = { ...columns, plan: planColumns(columns.names) };
          expect(buildGenericDraft(columns)).toEqual(buildGenericDraft(alone));
        }
      }),
    );
  });

  it('share their plan, and those of other columns do not', () => {
    const names = ['id', 'model', 'input'];
    expect(columnPlan(names)).toBe(columnPlan([...names]));
    expect(columnPlan(names.toReversed())).toEqual(planColumns(names.toReversed()));
    expect(columnPlan(names.slice(0, 2))).toEqual(planColumns(names.slice(0, 2)));
  });

  it('are planned each by itself where they have more of them than tables have', () => {
    const names = Array.from({ length: 1001 }, (_, number) => `column ${number}`);
    expect(columnPlan(names)).toEqual(planColumns(names));
    expect(columnPlan(names)).not.toBe(columnPlan(names));
    expect(columnPlan(names.slice(1))).toBe(columnPlan(names.slice(1)));
  });

  it('are planned anew after a file whose columns are data', () => {
    const names = ['id', 'model'];
    for (let number = 0; number < 10_001; number++) columnPlan([`column ${number}`]);
    expect(columnPlan(names)).toEqual(planColumns(names));
  });
});
