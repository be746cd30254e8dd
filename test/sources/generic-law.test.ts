import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { generic } from '../../src/sources/generic.js';
import { mapContext } from './map-context.js';

/** Columns of every meaning, lists of spans, envelopes, and names that mean nothing. */
const names = `
  id trace_id trace parent_id name type timestamp start_time created_at_ms duration latency_ms model prompt messages system input output response
  role content attributes metadata usage tokens metrics error error_code status success user_id session_id spans children trace_children
  data log message _source full_request request body candidates colour tables gen_ai.request.model
`
  .trim()
  .split(/\s+/);

const { row } = fc.letrec<{ value: unknown; row: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constant('leaf'),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('row'),
  ),
  row: fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 6 }),
}));

/** The same with another text at each leaf. */
function withLeaves(value: unknown, leaves: string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => withLeaves(item, leaves));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withLeaves(item, leaves)]));
  }
  leaves.push(`leaf ${leaves.length}.`);
  return leaves.at(-1);
}

test('whatever a row holds, and wherever, is in its drafts', () => {
  fc.assert(
    fc.property(row, (shape) => {
      const leaves: string[] = [];
      const filled = withLeaves(shape, leaves);
      const mapped = generic.map(filled, mapContext({ text: () => JSON.stringify(filled) }));
      const written = JSON.stringify(mapped);
      expect(leaves.filter((leaf) => !written.includes(leaf))).toEqual([]);
    }),
    { numRuns: 3000 },
  );
});
