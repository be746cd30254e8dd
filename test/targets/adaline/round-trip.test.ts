import fc from 'fast-check';
import { expect, test } from 'vitest';

import { adaline } from '../../../src/sources/adaline.js';
import { spanText } from '../../../src/span/encode.js';
import { normaliseDraft } from '../../../src/span/normalise.js';
import type { Span } from '../../../src/span/span.js';
import { logTraceOf } from '../../../src/targets/adaline/log-trace.js';
import { mapContext } from '../../sources/map-context.js';
import { options, spanOf } from '../../span/factories.js';
import { exported } from '../../support/adaline-export.js';
import { plannedTrace } from './arbitraries.js';
import { adalineOptions, asRestored, withoutNullsInMessages } from './factories.js';
import { brokenRules } from './rules.js';

function imported(rows: readonly Record<string, unknown>[]): Span[] {
  return rows.flatMap((row) => {
    const mapped = adaline.map(row, mapContext());
    if (mapped.kind !== 'drafts') throw new Error(`${mapped.kind}: ${JSON.stringify(row)}`);
    return mapped.drafts.map((draft): Span => {
      const span = spanOf(normaliseDraft(draft, options()));
      if (span.body === 'row') throw new Error('a draft passed as it is');
      const read: Span = JSON.parse(spanText(span.body, span));
      return { ...read, span_parent_id: read.span_parent_id ?? null };
    });
  });
}

test('a trace keeps every rule of the API, and comes back as it was but for the documented losses', () => {
  fc.assert(
    fc.property(plannedTrace, (spans) => {
      const request = logTraceOf(spans, adalineOptions());
      expect(brokenRules(request)).toEqual([]);
      const sent = request.positions.map((position, place) =>
        asRestored(spans[position]!, request.spans[place]!),
      );
      expect(imported(exported([request]).spans).map(withoutNullsInMessages)).toEqual(
        sent.map(withoutNullsInMessages),
      );
    }),
    { numRuns: 300 },
  );
});

test('a trace row says nothing of its main span that the span does not say itself', () => {
  fc.assert(
    fc.property(plannedTrace, (spans) => {
      const request = logTraceOf(spans, adalineOptions());
      const { traces } = exported([request]);
      const [told] = imported(traces);
      fc.pre(told !== undefined);
      const main = request.positions
        .map((position, place) => asRestored(spans[position]!, request.spans[place]!))
        .find(({ span_unique_id: id }) => id === told.span_unique_id);
      expect(main).toMatchObject({ ...told, span_parent_id: main?.span_parent_id });
    }),
    { numRuns: 100 },
  );
});
