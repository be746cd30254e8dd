import { logTypeFromKind } from '../span/log-type.js';
import { readBoolean } from '../span/numbers.js';
import type { SpanDraft } from '../span/span.js';
import { asText, isAbsent, isEmptyContainer, isObject, parseJsonContainer, shown } from '../span/text.js';
import { parseDuration } from '../span/time.js';
import { addBodies } from './chat-body.js';
import { Columned } from './columned.js';
import type { Column, Columns } from './columns.js';
import { decoded } from './decoded.js';
import { addTo, mapAttributes } from './otel/attributes.js';
import { takeConversation, takeMessage } from './generic-conversation.js';
import type { NamedDuration } from './durations.js';

/** `trace: {id: …}`: an object that has an id is that id, and the rest of it is metadata. */
function takeId(row: Columned, meaning: 'traceId' | 'spanId' | 'parentId'): unknown {
  const column = row.take(meaning);
  if (!isObject(column?.value) || !('id' in column.value)) return column?.value;
  const { id, ...rest } = column.value;
  for (const [name, value] of Object.entries(rest)) row.keep({ name: `${column.name}.${name}`, value });
  return id;
}

function takeIds(row: Columned): void {
  const { draft } = row;
  draft.traceId = takeId(row, 'traceId');
  draft.spanId = takeId(row, 'spanId');
  draft.parentId = takeId(row, 'parentId');
}

function takeTimes(row: Columned, { plan }: Columns): void {
  const { draft } = row;
  draft.start = row.take('start')?.value;
  draft.end = row.take('end')?.value;
  const time = row.take('time');
  if (time !== undefined) row.keep(time);
  const { latency } = plan;
  if (latency !== undefined) takeLatency(row, row.at(latency.position), latency);
  for (const { position, unit, firstToken } of plan.otherDurations) {
    const column = row.at(position);
    const micros = firstToken ? parseDuration(column.value, unit) : undefined;
    if (micros === undefined || 'time_to_first_token' in draft.fields) row.keep(column);
    else row.set('time_to_first_token', micros / 1e6);
  }
}

/** Seconds from which a duration is doubtful whose name says no unit: models rarely take as long. */
const doubtfulSeconds = 100;
/** Eleven days: no duration of a span. */
const impossibleSeconds = 1e6;

/** Without a unit in its name it counts seconds, unless that cannot be: then it tells no time at all. */
function takeLatency(row: Columned, column: Column, { unit, isNamed }: NamedDuration): void {
  const { draft } = row;
  const seconds = (isNamed ? 0 : (parseDuration(column.value, unit) ?? 0)) / 1e6;
  const isUsed = isAbsent(draft.start) || isAbsent(draft.end);
  if (seconds < impossibleSeconds || !isUsed) draft.latency = { value: column.value, unit };
  else row.keep(column);
  if (seconds < doubtfulSeconds || !isUsed) return;
  const what = `${shown(column.name)} names no unit: ${shown(column.value)}`;
  const message =
    seconds < impossibleSeconds
      ? `${what} was read as seconds`
      : `${what} would be too many seconds; kept in metadata`;
  const hint = `name its unit in the column (${column.name}_ms) or in a mapping file`;
  draft.warnings = [{ code: 'unit_assumed', message, field: column.name, hint }];
}

function errorText(value: unknown): unknown {
  const error = typeof value === 'string' ? (parseJsonContainer(value) ?? value) : value;
  if (!isObject(error)) return value;
  return typeof error['message'] === 'string' ? error['message'] : error;
}

/** Words of a status that say no more than its code. */
const statusCodes = new Map([
  ['ok', 200],
  ['success', 200],
  ['succeeded', 200],
  ['successful', 200],
  ['completed', 200],
  ['complete', 200],
  ['done', 200],
  ['error', 500],
  ['failed', 500],
  ['failure', 500],
  ['fail', 500],
  ['timeout', 500],
  ['exception', 500],
]);

function statusOf(column: Column | undefined): number | undefined {
  if (column === undefined) return undefined;
  const { value } = column;
  const number = Number(asText(Array.isArray(value) && value.length === 1 ? value[0] : value));
  if (Number.isInteger(number) && number >= 100 && number < 600) return number;
  return typeof value === 'string' ? statusCodes.get(value.trim().toLowerCase()) : undefined;
}

/** What says that it failed. A code tells that only by a word: numbers are of any scheme, and 0 or 200 is no error. */
function takeError(row: Columned): Column | undefined {
  const error = row.take('error');
  if (error === undefined || !/code$/i.test(error.name) || /[a-z]/i.test(asText(error.value))) return error;
  row.keep(error);
  return undefined;
}

/** Whether a call failed, from the first column that says so: status code, error, status, success. */
function takeStatus(row: Columned): void {
  const [code, error, status] = [row.take('status_code'), takeError(row), row.take('status')];
  const [success, failed] = [row.take('success'), row.take('failed')];
  const isFlag = error !== undefined && readBoolean(error.value) !== undefined;
  const hasError = isFlag
    ? readBoolean(error?.value) === true
    : error !== undefined && !isEmptyContainer(error.value);
  if (error !== undefined && hasError && !isFlag) {
    row.set('error_message', errorText(error.value));
    if (errorText(error.value) !== error.value) row.keep(error);
  }
  const succeeded = readBoolean(success?.value);
  const hasFailed = readBoolean(failed?.value);
  const flagged = succeeded ?? (hasFailed === undefined ? undefined : !hasFailed);
  const fromStatus = statusOf(status);
  const fromFlag = flagged === undefined ? undefined : flagged ? 200 : 500;
  const clean = isFlag && !hasError ? 200 : undefined;
  // A failure that any column tells outweighs another column's success.
  const told = [statusOf(code), fromStatus, hasError ? 500 : undefined, fromFlag, clean].filter(
    (found) => found !== undefined,
  );
  const found = told.find((each) => each >= 400) ?? told[0];
  if (found !== undefined) row.set('status_code', found);
  for (const column of [code, status]) {
    if (column !== undefined && !statusIsTold(column, found)) row.keep(column);
  }
  if (success !== undefined && succeeded === undefined) row.keep(success);
  if (failed !== undefined && hasFailed === undefined) row.keep(failed);
}

/** Whether the status code says all that the status says. */
function statusIsTold(status: Column, code: unknown): boolean {
  const word = typeof status.value === 'string' ? status.value.trim().toLowerCase() : status.value;
  if (word === 'ok' || word === 'success') return code === 200;
  if (word === 'error' || word === 'failed') return code === 500;
  return asText(code) === asText(word);
}

function takeGrouping(row: Columned): void {
  const [session, thread] = [row.take('session_identifier'), row.take('thread_identifier')];
  if (session !== undefined) row.set('session_identifier', session.value);
  if (thread === undefined) return;
  row.set('thread_identifier', thread.value);
  // As the server does, but visible before it is sent.
  if (session === undefined) row.set('session_identifier', thread.value);
}

function takeKind(row: Columned): void {
  const kind = row.take('kind');
  if (kind === undefined) return;
  const logType = logTypeFromKind(kind.value);
  if (logType === undefined || logType !== String(kind.value).trim().toLowerCase()) row.keep(kind);
  if (logType !== undefined) row.set('log_type', logType);
}

function takeMetadata(row: Columned): void {
  const metadata = row.take('metadata');
  if (metadata === undefined) return;
  const value = decoded(metadata.value);
  if (!isObject(value)) return row.keep(metadata);
  for (const name in value) row.keep({ name, value: value[name] });
}

const conventions = /^(?:gen_ai|llm|openinference|traceloop|ai|respan)(?:\.|$)/;

/** Attributes of OpenTelemetry, where these are some: they fill what no column says. */
function takeAttributes(row: Columned): void {
  const column = row.take('attributes');
  if (column === undefined) return;
  const attributes = decoded(column.value);
  if (!isObject(attributes) || !Object.keys(attributes).some((name) => conventions.test(name))) {
    return row.keep(column);
  }
  const { fields, metadata, sourceNames } = mapAttributes(attributes);
  const { draft } = row;
  const names = { ...draft.sourceNames };
  for (const [field, value] of Object.entries(fields)) {
    const name = sourceNames[field] ?? field;
    if (field in draft.fields) {
      if (asText(draft.fields[field]) !== asText(value)) addTo(draft.metadata, name, value);
      continue;
    }
    row.set(field, value);
    names[field] = `${column.name}.${name}`;
  }
  draft.sourceNames = names;
  for (const [name, value] of Object.entries(metadata)) addTo(draft.metadata, name, value);
}

/** A draft of a row whose columns are sorted by meaning. */
export function buildGenericDraft(columns: Columns): SpanDraft {
  const row = new Columned(columns);
  takeMetadata(row);
  takeIds(row);
  takeTimes(row, columns);
  takeStatus(row);
  takeConversation(row);
  takeMessage(row);
  takeGrouping(row);
  takeKind(row);
  const { plan, values } = columns;
  const { draft } = row;
  for (const { field, position } of plan.fields) draft.fields[field] = values[position];
  for (const position of plan.rest) row.keep(row.at(position));
  const { full_request: request, full_response: response } = draft.fields;
  if (request !== undefined || response !== undefined) addBodies(draft, decoded(request), decoded(response));
  takeAttributes(row);
  return draft;
}
