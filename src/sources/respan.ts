import { convertPlain, isPlainKind } from '../span/convert.js';
import { fieldKinds, type FieldKind } from '../span/fields.js';
import type { SpanDraft } from '../span/span.js';
import { isObject, parseJsonContainer, shown } from '../span/text.js';
import { recogniser } from './recognisers/respan.js';
import type { MapContext, Mapped, Source } from './source.js';

const textKinds = new Set<FieldKind>(['identifier', 'label', 'log_type', 'name', 'string', 'text', 'time']);

const scalarKinds = new Set<FieldKind>(['integer', 'number', 'seconds', 'boolean']);

/** A cell as JSON would have held it; what does not read as the field's kind stays a text and is judged later. */
function cellValue(field: string, cell: string): unknown {
  const kind = fieldKinds.get(field);
  if (kind === undefined || textKinds.has(kind)) return cell;
  if (scalarKinds.has(kind) && isPlainKind(kind)) return convertPlain(kind, cell) ?? cell;
  return parseJsonContainer(cell) ?? cell;
}

function fromCells(row: Record<string, unknown>): SpanDraft {
  const draft: SpanDraft = { asWritten: true, fields: {}, metadata: {}, sourceNames: {} };
  for (const [field, cell] of Object.entries(row)) {
    if (typeof cell !== 'string') continue;
    if (field === 'span_parent_id') draft.parentId = cell === '' ? null : cell;
    if (cell === '' || field === 'span_parent_id') continue;
    if (field === 'trace_unique_id') draft.traceId = cell;
    else if (field === 'span_unique_id') draft.spanId = cell;
    else if (field === 'start_time') draft.start = cell;
    else if (field === 'timestamp') draft.end = cell;
    else draft.fields[field] = cellValue(field, cell);
  }
  return draft;
}

function map(row: unknown, context: MapContext): Mapped {
  if (!isObject(row)) {
    const hint = 'each row must be a span as a JSON object, or a CSV record under a header';
    return {
      kind: 'reject',
      problem: { code: 'not_an_object', message: `${shown(row)} is not an object`, hint },
    };
  }
  if (Object.keys(row).length === 0) return { kind: 'skip', reason: 'empty_object' };
  if (context.isRecord) {
    const draft = fromCells(row);
    return { kind: 'drafts', drafts: [draft] };
  }
  return { kind: 'native', row };
}

/** Rows in the destination's own shape: exports of Respan, and payloads of its ingest endpoint. */
export const respan: Source = {
  ...recogniser,
  isNative: true,
  map,
};
