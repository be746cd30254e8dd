import { define } from '../span/define.js';
import { aliases, fieldKinds } from '../span/fields.js';
import type { SpanDraft } from '../span/span.js';
import { isObject } from '../span/text.js';
import { badList, isObjectList, notAnObject } from './not-an-object.js';
import { resultsOf, recogniser } from './recognisers/respan-logs.js';
import { decoded } from './decoded.js';
import { RowFields, without } from './row-fields.js';
import type { MapContext, Mapped, Source } from './source.js';
import { groupByFlag, standAlone } from './trace-by.js';

const idFields = new Set(['trace_unique_id', 'span_unique_id', 'span_parent_id', 'start_time', 'timestamp']);

function draftOf(row: Record<string, unknown>, text?: () => string): SpanDraft {
  const log = new RowFields(row, text);
  const { draft } = log;
  log.moveTo('spanId', 'span_unique_id', 'unique_id', 'id');
  log.moveTo('traceId', 'trace_unique_id');
  log.moveTo('parentId', 'span_parent_id');
  standAlone(draft);
  log.moveTo('start', 'start_time');
  log.moveTo('end', 'timestamp', 'created_at');
  const metadata = decoded(log.take('metadata'));
  if (isObject(metadata)) for (const [name, value] of Object.entries(metadata)) log.keep(name, value);
  else log.keep('metadata', metadata);
  for (const name of Object.keys(row)) {
    const field = aliases.get(name) ?? name;
    if (fieldKinds.has(field) && !idFields.has(field) && field !== 'metadata') log.move(field, name);
  }
  return log.finish();
}

function map(row: unknown, context: MapContext): Mapped {
  if (!isObject(row)) return notAnObject(row, 'a log of Respan');
  if (Object.keys(row).length === 0) return { kind: 'skip', reason: 'empty_object' };
  const results = resultsOf(row);
  if (results === undefined) return { kind: 'drafts', drafts: [draftOf(row, context.text)] };
  if (!isObjectList(row['results'])) return badList('results', row['results'], 'a log of Respan');
  const drafts = results.map((result) => {
    const draft = draftOf(result);
    groupByFlag(draft, result, context);
    return draft;
  });
  const [first] = drafts;
  if (first === undefined) return { kind: 'skip', reason: 'no_logs' };
  for (const [name, value] of Object.entries(without(row, new Set(['results'])) ?? {})) {
    define(first.metadata, `list.${name}`, value);
  }
  return { kind: 'drafts', drafts };
}

/**
 * Logs of Respan as its log list returns them (`{results: […], count, next}`) and as its downloads hold them: fields
 * of the ingest contract, with the log's own id in place of span ids. Rows that name spans are of the source `respan`.
 *
 * From the public log parameters of `respan-sdk` 2.6 and answers of the log list. `timestamp` is the end, `latency`
 * seconds. A log without a trace is a trace of its own (`--trace-by`): threads and sessions group
 * traces in Respan. What only the server sets, such as
 * `organization_id`, goes to the metadata. Dropped: empty containers and spellings of nothing; `api_key` and the like.
 */
export const respanLogs: Source = {
  ...recogniser,
  map,
};
