import { isObject } from '../../span/text.js';
import type { Inquiry, TargetRequest } from '../trace-protocol.js';
import { addressOf } from './addresses.js';

/** Of one page; the most that the API gives. */
const pageRows = 200;
/** Pages that are looked through for one answer: there is a filter on all of them. */
const mostPages = 50;

type Row = Readonly<Record<string, unknown>>;

interface Search {
  endpoint: string;
  operation: 'traces' | 'spans';
  filter: Record<string, string | number>;
}

interface TraceRow {
  id: string;
  spans: number;
  /** Milliseconds since the epoch. */
  startedAt: unknown;
  endedAt: unknown;
}

/** How many spans the trace has; undefined where there is none of this reference id. */
export function* countSpans(
  endpoint: string,
  projectId: string,
  referenceId: string,
): Inquiry<number | undefined> {
  return (yield* findTrace(endpoint, projectId, referenceId))?.spans;
}

interface Sought {
  traceReferenceId: string;
  /** Of the spans. */
  referenceIds: readonly string[];
}

/** Rows of spans by their reference ids. */
type SpanRows = ReadonlyMap<unknown, readonly Row[]>;

/**
 * The rows that the trace has of these spans; undefined where there is no such trace. All of its spans are read page by
 * page where that costs less than to ask for each, and is sure to show all of them. The times of a span are no part of a
 * question about it: where it tells none they follow from its trace, which another input may tell more of.
 */
export function* findSpans(
  endpoint: string,
  projectId: string,
  { traceReferenceId, referenceIds }: Sought,
): Inquiry<SpanRows | undefined> {
  const trace = yield* findTrace(endpoint, projectId, traceReferenceId);
  if (trace === undefined) return undefined;
  const listed = yield* listSpans(endpoint, projectId, trace, referenceIds.length - 1);
  if (listed !== undefined) return listed;
  const rows: Row[] = [];
  for (const referenceId of referenceIds) {
    const filter = { projectId, referenceId };
    const isOwn = (row: Row): boolean => row['logTraceId'] === trace.id && row['referenceId'] === referenceId;
    yield* search({ endpoint, operation: 'spans', filter }, mostPages, (page) => {
      rows.push(...page.filter(isOwn));
      return false;
    });
  }
  return byReference(rows);
}

/** All spans of the trace, as far as its own times lead to them; undefined where that is not all of them. */
function* listSpans(
  endpoint: string,
  projectId: string,
  { id, spans, startedAt, endedAt }: TraceRow,
  mostPagesOfIt: number,
): Inquiry<SpanRows | undefined> {
  if (typeof startedAt !== 'number' || typeof endedAt !== 'number' || startedAt < 1) return undefined;
  // Whether the bounds count among the matches is not documented.
  const filter = { projectId, startedAfter: startedAt - 1, startedBefore: endedAt + 1 };
  const rows = new Map<unknown, Row>();
  const pages = Math.min(mostPages, mostPagesOfIt);
  yield* search({ endpoint, operation: 'spans', filter }, pages, (page) => {
    for (const row of page) if (row['logTraceId'] === id) rows.set(row['id'], row);
    return rows.size >= spans;
  });
  return rows.size >= spans ? byReference([...rows.values()]) : undefined;
}

function byReference(rows: readonly Row[]): SpanRows {
  const groups = new Map<unknown, Row[]>();
  for (const row of rows) {
    const group = groups.get(row['referenceId']);
    if (group === undefined) groups.set(row['referenceId'], [row]);
    else group.push(row);
  }
  return groups;
}

function* findTrace(endpoint: string, projectId: string, referenceId: string): Inquiry<TraceRow | undefined> {
  const found: Row[] = [];
  const filter = { projectId, referenceId };
  yield* search({ endpoint, operation: 'traces', filter }, mostPages, (page) => {
    found.push(...page.filter((row) => row['referenceId'] === referenceId));
    return found.length > 0;
  });
  const [row] = found;
  if (row === undefined) return undefined;
  const { id, spanIds, startedAt, endedAt } = row;
  return { id: String(id), spans: listOf(spanIds).length, startedAt, endedAt };
}

/** Shows page after page to `look`, until that has seen enough. */
function* search(
  { endpoint, operation, filter }: Search,
  most: number,
  look: (page: readonly Row[]) => boolean,
): Inquiry<void> {
  let cursor: string | undefined;
  for (let page = 0; page < most; page++) {
    const body = { ...filter, limit: pageRows, ...(cursor === undefined ? {} : { cursor }) };
    const answer: unknown = yield requestOf(addressOf(endpoint, operation), body);
    if (look(rowsOf(answer))) return;
    cursor = nextCursor(answer);
    if (cursor === undefined) return;
  }
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
