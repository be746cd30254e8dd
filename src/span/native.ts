import { isWritable, readRfc3339 } from './calendar.js';
import { readClean } from './clean-row.js';
import { readNativeId } from './ids.js';
import { labelOf } from './label.js';
import { accept, applySet, badId, reject, repairSurrogates, type Normalised } from './normalised.js';
import type { NormaliseOptions } from './options.js';
import { exactEntries, exactValue } from './source-text.js';
import { SpanBuilder } from './span-builder.js';
import { baseTimeOf, calendarTime, computedTime, readTime, timeWarnings } from './span-times.js';
import { hasUnpairedEscape } from './text.js';
import type { Time } from './time.js';

const noWarnings: readonly never[] = [];
const idFields = ['trace_unique_id', 'span_unique_id', 'span_parent_id'] as const;
const readTogether = new Set<string>([...idFields, 'start_time', 'timestamp']);

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

/** NaN for what no date can be written of: a latency may be any number. */
function onCalendar(micros: number): number {
  return isWritable(micros) ? micros : NaN;
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
  const baseTime = baseTimeOf(start, end, options);
  if (baseTime !== undefined) {
    start = computedTime(baseTime);
    end = calendarTime(baseTime + (latency >= 0 ? latency : 0));
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
  const startMicros = onCalendar(known.start?.micros ?? NaN);
  const endMicros = onCalendar((end ?? known.end)?.micros ?? NaN);

  applySet(builder, options);
  if (Object.keys(builder.metadata).length > 0 || 'metadata' in row)
    builder.fields['metadata'] = builder.metadata;
  const repaired = repairSurrogates(builder.fields, builder.warnings);
  // Ids that the row leaves out have to be written into it.
  const hasIds = ids.traceId !== undefined && ids.spanId !== undefined;
  const isRow = bytesAreSpan && hasIds && !builder.changed && repaired === builder.fields;
  const body = isRow ? 'row' : repaired;
  const label = labelOf(builder.fields, { namesParent: 'span_parent_id' in row, typedAsRoot: false });
  return accept(
    {
      ...ids,
      label,
      start: startMicros,
      end: endMicros,
      body,
      ...(baseTime === undefined ? {} : { baseTimed: true }),
    },
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
    const span = readClean(row, options.now);
    if (span !== undefined && (surrogateEscapes === false || !hasUnpairedEscape(text()))) {
      return { kind: 'span', span, warnings: noWarnings };
    }
  }
  return repairNative(row, options, text, true);
}
