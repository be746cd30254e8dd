import { readNumber } from '../span/numbers.js';
import { asText, isAbsent, isObject } from '../span/text.js';
import { addBodies } from './chat-body.js';
import { addConversation } from './conversation.js';
import { FieldTaker, isCopy, readJson } from './field-taker.js';
import { notAnObject } from './not-an-object.js';
import { isPage, recogniser } from './recognisers/helicone.js';
import type { MapContext, Mapped, Source } from './source.js';
import { groupByConversation, groupByFlag, standAlone } from './trace-by.js';
import { together, wrongType } from './unmappable.js';
import { utcTime } from './utc-time.js';

const expected = 'a request of Helicone';

/** Cells of the CSV export escape quotes once more than CSV does: `{""model"":""gpt-4""}`. */
function readCell(value: unknown): unknown {
  const once = readJson(value);
  if (typeof once !== 'string') return once;
  const unescaped = readJson(once.replaceAll('""', '"'));
  return typeof unescaped === 'string' ? once : unescaped;
}

/** Helicone's own properties, by their names without case; all others are the user's. */
function ownProperty(properties: unknown, name: string): string | undefined {
  if (!isObject(properties)) return undefined;
  return Object.keys(properties).find((each) => each.toLowerCase() === `helicone-${name}`);
}

function takeSession(row: FieldTaker, properties: unknown): void {
  const fields = [
    ['session-id', 'session_identifier'],
    ['session-path', 'span_path'],
    ['session-name', 'span_workflow_name'],
  ] as const;
  for (const [property, field] of fields) {
    const name = ownProperty(properties, property);
    if (name !== undefined) row.set(field, `request_properties.${name}`);
  }
}

function takeIds(row: FieldTaker, given: Record<string, unknown>, context: MapContext): void {
  const { draft } = row;
  row.setPlace('spanId', 'request_id', 'response_id');
  groupByConversation(
    draft,
    draft.fields['session_identifier'],
    draft.sourceNames['session_identifier'] ?? 'Helicone-Session-Id',
  );
  standAlone(draft);
  // Of a page of requests, each has its own.
  groupByFlag(draft, given, context);
}

function takeTimes(row: FieldTaker): void {
  row.setPlace('start', 'request_created_at');
  row.setPlace('end', 'response_created_at');
  row.setLatency('ms', 'delay_ms');
  const { draft } = row;
  draft.start = utcTime(draft.start);
  draft.end = utcTime(draft.end);
}

function errorOf(response: unknown): unknown {
  if (!isObject(response)) return isAbsent(response) ? undefined : response;
  const { error } = response;
  return isObject(error) ? (error['message'] ?? error) : (error ?? response['message']);
}

function takeStatus(row: FieldTaker, response: unknown): void {
  const status = readNumber(row.peek('response_status'));
  // Negative ones are Helicone's own, for calls without an answer.
  if (!(status >= 100 && status < 600)) return;
  row.set('status_code', 'response_status');
  const message = status >= 400 ? errorOf(response) : undefined;
  if (message !== undefined) row.draft.fields['error_message'] = message;
}

function takeBodies(row: FieldTaker): unknown {
  const [request, response] = [
    readCell(row.take('request_body')?.value),
    readCell(row.take('response_body')?.value),
  ];
  const { draft } = row;
  for (const [field, value] of [
    ['input', request],
    ['output', response],
  ] as const) {
    const isEmpty = isAbsent(value) || (typeof value === 'object' && isCopy(value, {}));
    if (!isEmpty) draft.fields[field] = value;
  }
  addConversation(draft, request, typeof response === 'string' ? undefined : response);
  if ('input' in draft.fields || 'output' in draft.fields) return response;
  const message = 'the export holds no request and no response body, only what was measured';
  draft.warnings = [{ code: 'body_not_exported', message, field: 'request_body' }];
  return response;
}

/** A link to the bodies carries a signature, which is a credential while it lasts. */
function keepBodyLink(row: FieldTaker): void {
  const link = row.take('signed_body_url');
  if (link !== undefined) row.keep('signed_body_url', asText(link.value).replace(/\?.*$/s, ''));
}

function mapRequest(given: Record<string, unknown>, context: MapContext): Mapped {
  const properties = readCell(given['request_properties']);
  const badProperties = !isAbsent(properties) && !isObject(properties);
  if (badProperties) return wrongType('request_properties', properties, 'an object');
  const row = new FieldTaker({ ...given, request_properties: properties });
  const { draft } = row;
  row.expand('request_properties', 'scores');
  takeSession(row, properties);
  takeIds(row, given, context);
  takeTimes(row);
  const request = readCell(row.peek('request_body'));
  const response = takeBodies(row);
  takeStatus(row, response);
  row.set('customer_identifier', 'helicone_user', 'request_user_id');
  row.set('model', 'response_model', 'request_model', 'model_override', 'model');
  row.set('provider_id', 'provider');
  row.set('prompt_tokens', 'prompt_tokens');
  row.set('completion_tokens', 'completion_tokens');
  row.set('total_request_tokens', 'total_tokens');
  row.set('prompt_cache_hit_tokens', 'prompt_cache_read_tokens');
  row.set('prompt_cache_creation_tokens', 'prompt_cache_write_tokens');
  row.set('cost', 'costUSD', 'cost');
  addBodies(draft, request, response);
  const path = asText(row.peek('request_path') ?? '');
  const isEmbedding = path.includes('embedding');
  draft.fields['log_type'] = isEmbedding
    ? 'embedding'
    : 'prompt_messages' in draft.fields
      ? 'chat'
      : 'generation';
  keepBodyLink(row);
  return { kind: 'drafts', drafts: [row.finish()] };
}

function map(row: unknown, context: MapContext): Mapped {
  if (!isObject(row)) return notAnObject(row, expected);
  if (Object.keys(row).length === 0) return { kind: 'skip', reason: 'empty_object' };
  if (isPage(row)) return together(row['data'].map((each) => map(each, context)));
  const names = ['request_id', 'response_id', 'request_created_at'];
  if (!names.some((name) => name in row)) return { kind: 'skip', reason: 'no_request' };
  return mapRequest(row, context);
}

/**
 * Requests that went through Helicone: JSON and JSONL (`HeliconeRequest`, also in `{data}`), and the CSV export of
 * twelve columns, whose cells escape JSON twice.
 *
 * From `examples/export/typescript/index.ts` of Helicone 05a819cb; no real export was at hand. Times are ISO 8601 in
 * UTC, `delay_ms` is milliseconds, costs are US dollars. The units of `time_to_first_token` and of the CSV's `latency`
 * are not documented: both stay in the metadata.
 *
 * A request has no parent. Its trace is what `--trace-by` names, else the property `Helicone-Session-Id`, else the
 * request itself: a session is what "lets you trace the entire agent flow" there, its paths are "traces" and "child
 * traces" (`features/sessions` of Helicone's documentation). `Helicone-Session-Path` becomes the path of the span. The paths do not tell which request called
 * which, so that all requests of a session are roots. The CSV export names no request: the id of the response is the
 * span's.
 *
 * Exports without bodies are imported with a warning; links to bodies are never fetched. Dropped: the query of
 * `signed_body_url`, which is its signature; model and user columns that repeat another; empty objects and lists.
 */
export const helicone: Source = {
  ...recogniser,
  map,
};
