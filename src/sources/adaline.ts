import { isObject } from '../span/text.js';
import { draftOfSpan, draftOfTrace } from './adaline/foreign-row.js';
import { draftOfOwnSpan, draftOfOwnTrace, ownAttributes } from './adaline/own-row.js';
import { isTraceRow, pageOf } from './adaline/row-kind.js';
import type { SpanDraft } from '../span/span.js';
import { badList, isObjectList, missingField, notAnObject } from './not-an-object.js';
import { recogniser } from './recognisers/adaline.js';
import type { MapContext, Mapped, Source } from './source.js';
import { groupByFlag } from './trace-by.js';

const expected = "a trace or a span of Adaline's logs API";

function draftOf(row: Record<string, unknown>, context: MapContext, text?: () => string): SpanDraft {
  const own = ownAttributes(row);
  if (own !== undefined) return isTraceRow(row) ? draftOfOwnTrace(row, own) : draftOfOwnSpan(row, own);
  const draft = isTraceRow(row) ? draftOfTrace(row, text) : draftOfSpan(row, text);
  groupByFlag(draft, row, context);
  return draft;
}

function map(row: unknown, context: MapContext): Mapped {
  if (!isObject(row)) return notAnObject(row, expected);
  if (Object.keys(row).length === 0) return { kind: 'skip', reason: 'empty_object' };
  const page = pageOf(row);
  if (page === undefined) {
    if (!('startedAt' in row)) return missingField('startedAt', expected);
    return { kind: 'drafts', drafts: [draftOf(row, context, context.text)] };
  }
  const bad = page.find(({ list }) => !isObjectList(list));
  if (bad !== undefined) return badList(bad.name, bad.list, expected);
  const rows = page.flatMap(({ list }) => list).filter(isObject);
  const drafts = rows.map((item) => draftOf(item, context));
  return drafts.length === 0 ? { kind: 'skip', reason: 'empty_page' } : { kind: 'drafts', drafts };
}

/**
 * Logs of Adaline as its API lists them: traces (`GET /v2/logs`, `POST /v2/logs/traces`) and spans (`POST
 * /v2/logs/spans`), as pages, arrays or lines, of one kind or both, beside each other in one document too. From Adaline's API reference of 2026 and
 * `@adaline/types` 1.12; no real export was seen.
 *
 * Rows that this importer sent to Adaline say in their attributes what they were in Respan, and are that again. A trace
 * of them is what it tells of its main span, and adds nothing to it where the spans are in the input too.
 *
 * Of other logs each span is a span, under its `referenceId`, since parents are named by that, else its `id`; its trace
 * is `logTraceId`, the only name of it that spans tell. A trace row is the root of its spans and parent of those that
 * name none; without it these are the roots. Its totals stay in the metadata, so that nothing is counted twice. Times
 * are milliseconds, costs US dollars. `content` is an object or its JSON; messages in Adaline's shape are read, and those
 * in a provider's too. `failure` becomes the status code 500, `success` 200.
 *
 * Dropped: `parsedContent`, which says the content in another form; a `latency` that is the time between start and end;
 * a page's `pagination`; of rows that this importer sent all columns that follow from what was sent, and Adaline's own
 * ids and times of writing; empty containers and spellings of nothing; `api_key` and the like.
 */
export const adaline: Source = {
  ...recogniser,
  map,
};
