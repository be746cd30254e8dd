import { createHash } from 'node:crypto';
import { isAbsentText, isObject, shown } from './text.js';

const zero = 0x30;

/** Zeros are how OpenTelemetry and others write "no parent". Dashes: an all-zero UUID. */
function isZeros(text: string): boolean {
  return /^0[0-]*$/.test(text);
}

/** Whether an id says that there is none. Cheap for real ids: looks closer only at short ones and at a leading zero. */
export function isAbsentId(id: string): boolean {
  return (
    (id.length < 10 && isAbsentText(id)) || (id.charCodeAt(0) <= zero && (isAbsentText(id) || isZeros(id)))
  );
}

export type ReadId = { id: string | undefined } | { reason: string };

/** An id as a row in the target's own shape writes it: kept as it is, numbers as text. */
export function readNativeId(value: unknown): ReadId {
  if (value === null || value === undefined) return { id: undefined };
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return { id: undefined };
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
      return { reason: `${shown(value)} is beyond 2^53, where numbers lose digits` };
    }
    return readNativeId(String(value));
  }
  if (typeof value !== 'string') return { reason: `${shown(value)} is not an id` };
  return { id: isAbsentId(value) ? undefined : value.toWellFormed() };
}

/**
 * An id of any system in the form in which ids of one trace compare equal: `0x` stripped, base64 of 8 or 16 bytes
 * (protobuf's JSON) as hex, numbers as text, MongoDB's `{$oid}` as its text.
 */
export function readId(value: unknown): ReadId {
  if (isObject(value) && typeof value['$oid'] === 'string') return readId(value['$oid']);
  const read = readNativeId(typeof value === 'string' ? value.trim() : value);
  if ('reason' in read || read.id === undefined) return read;
  const id = read.id;
  if (id.charCodeAt(0) === zero && /^0[xX][0-9a-fA-F]+$/.test(id)) return readNativeId(id.slice(2));
  if (id.endsWith('=') && /^(?:[A-Za-z0-9+/]{22}==|[A-Za-z0-9+/]{11}=)$/.test(id)) {
    return readNativeId(Buffer.from(id, 'base64').toString('hex'));
  }
  return { id };
}

function hash(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex');
}

/**
 * The trace id (32 hex digits) of a span whose row names none. `encodedSpan` is `spanText` of the span with the ids
 * that are known; `ordinal` counts, from 0, the rows whose text is the same.
 */
export function generateTraceId(encodedSpan: string, ordinal: number): string {
  return hash(encodedSpan, String(ordinal)).slice(0, 32);
}

/**
 * The trace id (32 hex digits) of what followed a pause in a conversation: from the conversation's id and the start of
 * the first span after the pause, in microseconds since the epoch.
 */
export function segmentTraceId(conversationId: string, start: number): string {
  return hash('segment', conversationId, String(start)).slice(0, 32);
}

/** The span id (16 hex digits) of a span whose row names none. `ordinal` counts equal spans of the trace, from 0. */
export function generateSpanId(traceId: string, encodedSpan: string, ordinal: number): string {
  return hash(traceId, encodedSpan, String(ordinal)).slice(0, 16);
}
