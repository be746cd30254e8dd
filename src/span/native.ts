import { fieldRules } from './accept.js';
import { readRfc3339 } from './calendar.js';
import { isAbsentId, readNativeId } from './ids.js';
import { labelOf } from './label.js';
import {
  accept,
  applySet,
  badId,
  reject,
  repairSurrogates,
  type Normalised,
  type NormalisedSpan,
} from './normalised.js';
import type { NormaliseOptions } from './options.js';
import { exactEntries, exactValue } from './source-text.js';
import { SpanBuilder } from './span-builder.js';
import { computedTime, isOutOfRange, readTime, timeWarnings } from './span-times.js';
import { hasSurrogateEscape } from './text.js';
import type { Time } from './time.js';

const noWarnings: readonly never[] = [];
const idFields = ['trace_unique_id', 'span_unique_id', 'span_parent_id'] as const;
const readTogether = new Set<string>([...idFields, 'start_time', 'timestamp']);

/** Microseconds of a time field that needs no repair: NaN where it is absent, undefined where a rule must look at it. */
function cleanTime(value: unknown): number | undefined {
  if (value === undefined) return NaN;
  if (typeof value !== 'string') return undefined;
  const micros = readRfc3339(value);
  return Number.isNaN(micros) ? undefined : micros;
}

/** The span of a row that passes byte for byte; undefined where any rule might act. The hot path: allocates only its result. */
function readClean(row: Record<string, unknown>, now: number): Normalised | undefined {
  const { trace_unique_id: traceId, span_unique_id: spanId, span_parent_id: parent } = row;
  if (typeof traceId !== 'string' || typeof spanId !== 'string') return undefined;
  if (isAbsentId(traceId) || isAbsentId(spanId)) return undefined;
  const hasParent = typeof parent === 'string';
  if (hasParent ? isAbsentId(parent) : parent !== undefined && parent !== null) return undefined;
  const start = cleanTime(row['start_time']);
  const end = cleanTime(row['timestamp']);
  // A single time is completed from the latency elsewhere.
  if (start === undefined || end === undefined || !(end >= start) || isOutOfRange(start, end, now))
    return undefined;
  for (const field in row) {
    const rule = fieldRules.get(field);
    if (rule === undefined) return undefined;
    const value = row[field];
    if (typeof value === 'string' && rule.anyString) continue;
    if (!rule.accepts(value) && !(value === null && field === 'span_parent_id')) return undefined;
  }
  const parentId = hasParent ? parent : undefined;
  const span: NormalisedSpan = {
    traceId,
    spanId,
    parentId,
    label: labelOf(row, { namesParent: parent !== undefined, typedAsRoot: false }),
    start,
    end,
    body: 'row',
  };
  return { kind: 'span', span, warnings: noWarnings };
}

/** What a missing end follows from. Microseconds. */
function writtenLatency(fields: Record<string, unknown>): number {
  const latency = fields['latency'] ?? fields['generation_time'];
  return latency === undefined ? NaN : Math.round(Number(latency) * 1e6);
}

/** Writes a time that is not RFC 3339 as such; a valid one keeps its bytes. */
function writeTime(builder: SpanBuilder, field: string, value: unknown, time: Time | undefined): void {
  if (time === undefined) {
    builder.changed ||= value !== undefined;
  } else if (typeof value === 'string' && !Number.isNaN(readRfc3339(value))) {
    builder.fields[field] = value;
  } else {
    builder.fields[field] = time.text;
    builder.changed = true;
  }
}

/** An end that follows from the other one and the latency: the plan knows it, the span does not tell it. */
function following(micros: number): { micros: number; naive: boolean } | undefined {
  return Number.isNaN(micros) ? undefined : { micros, naive: false };
}

interface RowIds {
  ids: { traceId: string | undefined; spanId: string | undefined; parentId: string | undefined };
  failure: Normalised | undefined;
}

function readIds(row: Record<string, unknown>, builder: SpanBuilder, text: () => string): RowIds {
  const found: (string | undefined)[] = [];
  for (const field of idFields) {
    const read = readNativeId(exactValue(row[field], [field], text));
    if ('reason' in read) {
      return {
        ids: { traceId: undefined, spanId: undefined, parentId: undefined },
        failure: badId(field, read.reason),
      };
    }
    const nullParent = field === 'span_parent_id' && row[field] === null;
    builder.changed ||= read.id !== row[field] && !nullParent;
    found.push(read.id);
  }
  const [traceId, spanId, parentId] = found;
  if (parentId === undefined && row['span_parent_id'] === null) builder.fields['span_parent_id'] = null;
  return { ids: { traceId, spanId, parentId }, failure: undefined };
}

/** Applies every rule to a row in the target's shape. `bytesAreSpan`: the row's bytes may be sent if no rule acts. */
export function repairNative(
  row: Record<string, unknown>,
  options: NormaliseOptions,
  text: () => string,
  bytesAreSpan: boolean,
): Normalised {
  const builder = new SpanBuilder(true);
  const { ids, failure } = readIds(row, builder, text);
  if (failure !== undefined) return failure;
  for (const [field, value] of Object.entries(row)) {
    if (readTogether.has(field)) continue;
    const entries = field === 'metadata' ? exactEntries(value, [field], text) : value;
    builder.add(field, entries, field, exactValue(entries, [field], text));
  }
  const given = new Map(options.set.map(({ field, value }) => [field, value]));
  const startValue = given.get('start_time') ?? row['start_time'];
  const endValue = given.get('timestamp') ?? row['timestamp'];
  let start = readTime(startValue, 'start_time', options);
  let end = readTime(endValue, 'timestamp', options);
  if (start !== undefined && 'code' in start) return reject(start);
  if (end !== undefined && 'code' in end) return reject(end);
  writeTime(builder, 'start_time', startValue, start);
  writeTime(builder, 'timestamp', endValue, end);

  const latency = writtenLatency(builder.fields);
  if (start === undefined && end === undefined && options.baseTime !== undefined) {
    start = computedTime(options.baseTime);
    end = computedTime(options.baseTime + (latency >= 0 ? latency : 0));
    writeTime(builder, 'start_time', undefined, start);
    writeTime(builder, 'timestamp', undefined, end);
  }
  const known = {
    start: start ?? following((end?.micros ?? NaN) - latency),
    end: end ?? following((start?.micros ?? NaN) + latency),
  };
  builder.warnings.push(...timeWarnings(known, { start: 'start_time', end: 'timestamp' }, options));
  if (start !== undefined && end !== undefined && end.micros < start.micros) {
    builder.keep('timestamp', endValue);
    builder.fields['timestamp'] = builder.fields['start_time'];
    builder.warn('end_before_start', 'timestamp lies before start_time; set to it', 'timestamp');
    end = start;
  }
  const startMicros = known.start?.micros ?? NaN;
  const endMicros = (end ?? known.end)?.micros ?? NaN;

  applySet(builder, options);
  if (Object.keys(builder.metadata).length > 0 || 'metadata' in row)
    builder.fields['metadata'] = builder.metadata;
  const repaired = repairSurrogates(builder.fields, builder.warnings);
  const isRow = bytesAreSpan && !builder.changed && repaired === builder.fields;
  const body = isRow ? 'row' : repaired;
  const label = labelOf(builder.fields, { namesParent: 'span_parent_id' in row, typedAsRoot: false });
  return accept(
    { ...ids, label, start: startMicros, end: endMicros, body },
    builder.warnings,
    options.strict,
  );
}

/**
 * Checks a row in the target's own shape. A clean row passes byte for byte: its body is `row`. Otherwise the body is a
 * repaired copy; the row itself is not touched. `text` gives the row's JSON and is asked for when a number may have
 * been rounded, and, unless `surrogateEscapes` says whether the JSON contains `\ud` at all (`hasSurrogateEscape` of a
 * whole block of rows is cheaper), to look for that.
 */
export function normaliseNative(
  row: Record<string, unknown>,
  options: NormaliseOptions,
  text: () => string,
  surrogateEscapes?: boolean,
): Normalised {
  if (options.set.length === 0) {
    const clean = readClean(row, options.now);
    if (clean !== undefined && !(surrogateEscapes ?? hasSurrogateEscape(text()))) return clean;
  }
  return repairNative(row, options, text, true);
}
