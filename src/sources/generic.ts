import type { SpanDraft } from '../span/span.js';
import { isObject, shown } from '../span/text.js';
import { sortColumns } from './columns.js';
import { addAround, envelopedRow } from './enveloped-row.js';
import { buildGenericDraft } from './generic-draft.js';
import { nothingRecognised, rowsInside } from './hidden-rows.js';
import { nestedDrafts } from './nested-rows.js';
import { rowsOfTable } from './table-document.js';
import { together } from './unmappable.js';
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
  const table = rowsOfTable(row);
  if (table !== undefined) return together(table.map((each) => mapRow(each, { ...context, text: () => '' })));
  return mapRow(row, context);
}

function mapRow(row: Record<string, unknown>, context: MapContext): Mapped {
  const enveloped = envelopedRow(row);
  if (enveloped === undefined) return { kind: 'drafts', drafts: draftsOf(row, context) };
  const drafts = draftsOf(enveloped.row, { ...context, text: () => '' });
  addAround(drafts, enveloped.around);
  return { kind: 'drafts', drafts };
}

function draftsOf(row: Record<string, unknown>, context: MapContext): SpanDraft[] {
  const nested = nestedDrafts(row, draftOfNested, context.traceBy !== undefined);
  if (nested !== undefined) return nested;
  const columns = sortColumns(row, context.text);
  const draft = buildGenericDraft(columns);
  const warning = columns.plan.recognised ? rowsInside(row, draft) : nothingRecognised(row);
  if (warning !== undefined) draft.warnings = [...(draft.warnings ?? []), warning];
  return [draft];
}

/**
 * Logs of any making, JSONL or CSV, by the names of their columns. A column that names a session, a thread or a
 * conversation does not group rows into a trace: in every vendor's words but two (LiteLLM, Helicone) these hold many
 * traces, and one that lasts for days would be a trace of no use. `--trace-by` does it where it is meant. A row that
 * holds spans, or a span that holds its children, is all of them: see `nested-rows.ts`. What a collector of logs has
 * put around a row is taken off: see `enveloped-row.ts`. A document that is a table is all of its rows: see `table-document.ts`.
 */
export const generic: Source = {
  ...recogniser,
  keepsTexts: true,
  map,
};
