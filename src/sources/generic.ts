import type { SpanDraft } from '../span/span.js';
import { isObject, shown } from '../span/text.js';
import { sortColumns } from './columns.js';
import { buildGenericDraft } from './generic-draft.js';
import { nestedDrafts } from './nested-rows.js';
import { recogniser } from './recognisers/generic.js';
import type { MapContext, Mapped, Source } from './source.js';

/** Inside a row the source text has no path: numbers are as exact as `JSON.parse` reads them. */
function draftOfNested(row: Record<string, unknown>): SpanDraft {
  return buildGenericDraft(sortColumns(row, () => ''));
}

function map(row: unknown, context: MapContext): Mapped {
  if (!isObject(row)) {
    const hint = 'Each row must be a JSON object, or a CSV record under a header.';
    return {
      kind: 'reject',
      problem: { code: 'not_an_object', message: `${shown(row)} is not an object`, hint },
    };
  }
  if (Object.keys(row).length === 0) return { kind: 'skip', reason: 'empty_object' };
  const nested = nestedDrafts(row, draftOfNested, context.traceBy !== undefined);
  if (nested !== undefined) return { kind: 'drafts', drafts: nested };
  const columns = sortColumns(row, context.text);
  const draft = buildGenericDraft(columns);
  if (!columns.plan.recognised) {
    const message = 'no column has a known name; everything went to metadata';
    draft.warnings = [{ code: 'nothing_recognised', message }];
  }
  return { kind: 'drafts', drafts: [draft] };
}

/**
 * Logs of any making, JSONL or CSV, by the names of their columns. A column that names a session, a thread or a
 * conversation does not group rows into a trace: in every vendor's words but two (LiteLLM, Helicone) these hold many
 * traces, and one that lasts for days would be a trace of no use. `--trace-by` does it where it is meant. A row that
 * holds spans, or a span that holds its children, is all of them: see `nested-rows.ts`.
 */
export const generic: Source = {
  ...recogniser,
  keepsTexts: true,
  map,
};
