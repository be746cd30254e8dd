import type { SpanDraft } from '../span/span.js';
import { isObject, shown } from '../span/text.js';
import { sortColumns, type Columns } from './columns.js';
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
    const hint = 'each row must be a JSON object, or a CSV record under a header';
    return {
      kind: 'reject',
      problem: { code: 'not_an_object', message: `${shown(row)} is not an object`, hint },
    };
  }
  if (Object.keys(row).length === 0) return { kind: 'skip', reason: 'empty_object' };
  const columns = sortColumns(row, context.text);
  const held = columns.plan.mayHoldRows ? mapHeld(row, context) : undefined;
  return held ?? { kind: 'drafts', drafts: [draftOf(row, columns)] };
}

/** What a row holds: a table, the row that a collector put an envelope around, the spans of a trace. */
function mapHeld(row: Record<string, unknown>, context: MapContext): Mapped | undefined {
  const table = rowsOfTable(row);
  if (table !== undefined) return together(table.map((each) => map(each, { ...context, text: () => '' })));
  const isGrouped = context.traceBy !== undefined;
  const enveloped = envelopedRow(row);
  const nested = nestedDrafts(enveloped?.row ?? row, draftOfNested, isGrouped);
  if (enveloped === undefined) return nested && { kind: 'drafts', drafts: nested };
  const drafts = nested ?? [
    draftOf(
      enveloped.row,
      sortColumns(enveloped.row, () => ''),
    ),
  ];
  addAround(drafts, enveloped.around);
  return { kind: 'drafts', drafts };
}

function draftOf(row: Record<string, unknown>, columns: Columns): SpanDraft {
  const draft = buildGenericDraft(columns);
  const warning = columns.plan.recognised ? rowsInside(row, draft) : nothingRecognised(row);
  if (warning !== undefined) draft.warnings = [...(draft.warnings ?? []), warning];
  return draft;
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
