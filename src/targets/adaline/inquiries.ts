import { isObject } from '../../span/text.js';
import type { Inquiry, TargetRequest } from '../trace-protocol.js';
import { addressOf } from './addresses.js';

/** Of one page; the most that the API gives. */
const pageRows = 200;
/** Pages that are looked through for one answer: there is a filter on all of them. */
const mostPages = 50;

interface Search {
  endpoint: string;
  operation: 'traces' | 'spans';
  filter: Record<string, string | number>;
}

interface TraceRow {
  id: string;
  spans: number;
}

/** How many spans the trace has; undefined where there is none of this reference id. */
export function* countSpans(
  endpoint: string,
  projectId: string,
  referenceId: string,
): Inquiry<number | undefined> {
  return (yield* findTrace(endpoint, projectId, referenceId))?.spans;
}

/** The span is told from others of its id, in other traces, by the trace that its row names and by its start. */
export interface SpanSought {
  traceReferenceId: string;
  referenceId: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
}

export function* countSpan(endpoint: string, projectId: string, span: SpanSought): Inquiry<number> {
  const trace = yield* findTrace(endpoint, projectId, span.traceReferenceId);
  if (trace === undefined) return 0;
  const filter = {
    projectId,
    referenceId: span.referenceId,
    // Whether the bounds count among the matches is not documented.
    startedAfter: span.startedAt - 1,
    startedBefore: span.startedAt + 1,
  };
  return yield* search(
    { endpoint, operation: 'spans', filter },
    (row) => row['logTraceId'] === trace.id && row['referenceId'] === span.referenceId,
    (row) => (row === undefined ? 0 : 1),
  );
}

function* findTrace(endpoint: string, projectId: string, referenceId: string): Inquiry<TraceRow | undefined> {
  return yield* search(
    { endpoint, operation: 'traces', filter: { projectId, referenceId } },
    (row) => row['referenceId'] === referenceId,
    (row) => {
      if (row === undefined) return undefined;
      const { id, spanIds } = row;
      return { id: String(id), spans: listOf(spanIds).length };
    },
  );
}

/** Looks through the pages for the first row that fits. */
function* search<Found>(
  { endpoint, operation, filter }: Search,
  fits: (row: Record<string, unknown>) => boolean,
  found: (row: Record<string, unknown> | undefined) => Found,
): Inquiry<Found> {
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const body = { ...filter, limit: pageRows, ...(cursor === undefined ? {} : { cursor }) };
    const answer: unknown = yield requestOf(addressOf(endpoint, operation), body);
    const row = rowsOf(answer).find(fits);
    if (row !== undefined) return found(row);
    cursor = nextCursor(answer);
    if (cursor === undefined) break;
  }
  return found(undefined);
}

export function requestOf(url: string, value: unknown): TargetRequest {
  return { url, body: Buffer.from(JSON.stringify(value)) };
}

/** The documents know three names for the list. */
function rowsOf(answer: unknown): Record<string, unknown>[] {
  if (!isObject(answer)) return [];
  const list = [answer['data'], answer['traces'], answer['spans']].find(Array.isArray);
  return listOf(list).filter(isObject);
}

function nextCursor(answer: unknown): string | undefined {
  if (!isObject(answer) || !isObject(answer['pagination'])) return undefined;
  const { hasMore, nextCursor: next } = answer['pagination'];
  return hasMore === true && typeof next === 'string' && next !== '' ? next : undefined;
}

/** Lists in rows are shown as JSON text by some documents. */
function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'string') return [];
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}
