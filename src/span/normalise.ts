import type { DurationUnit, SpanDraft } from './span.js';
import { aliases } from './fields.js';
import { readId } from './ids.js';
import { labelOf } from './label.js';
import { logTypeFromShape, logTypeOfRoot } from './log-type.js';
import { metadataEntries } from './metadata.js';
import { repairNative } from './native.js';
import { accept, applySet, badId, reject, repairSurrogates, type Normalised } from './normalised.js';
import type { NormaliseOptions } from './options.js';
import { SpanBuilder } from './span-builder.js';
import {
  baseTimeOf,
  calendarTime,
  computedTime,
  readTime,
  timeWarnings,
  type SpanTimes,
} from './span-times.js';
import { isAbsent, parseJsonContainer, shown } from './text.js';
import { parseDuration } from './time.js';

/** Differences below this are how the source rounded a latency, not another latency. Microseconds. */
const latencyRounding = 1000;

function sourceName(draft: SpanDraft, field: string): string {
  return draft.sourceNames[field] ?? field;
}

function readLatency(draft: SpanDraft, builder: SpanBuilder): number | undefined {
  const latency: { value: unknown; unit: DurationUnit } | undefined =
    draft.latency ??
    (isAbsent(draft.fields['latency']) ? undefined : { value: draft.fields['latency'], unit: 's' });
  if (latency === undefined || isAbsent(latency.value)) return undefined;
  const micros = parseDuration(latency.value, latency.unit);
  if (micros === undefined) {
    const name = sourceName(draft, 'latency');
    builder.keep(name, latency.value);
    builder.warn('value_omitted', `${shown(latency.value)} is no duration; kept in metadata`, name);
  }
  return micros;
}

/**
 * Completes what the row tells about its times: a missing end follows from the other and the latency. With a `baseTime`
 * the row tells none, and both follow from it.
 */
function complete(times: SpanTimes, latency: number | undefined, baseTime: number | undefined): SpanTimes {
  const { start, end } = times;
  if (baseTime !== undefined) {
    return { start: computedTime(baseTime), end: calendarTime(baseTime + (latency ?? 0)) };
  }
  if (latency === undefined) return times;
  if (start === undefined && end !== undefined) {
    return { start: calendarTime(end.micros - latency), end };
  }
  if (end === undefined && start !== undefined) return { start, end: calendarTime(start.micros + latency) };
  return times;
}

/** Writes start, end and latency; an end before the start is moved to it, and what no longer shows is kept. */
function writeTimes(
  builder: SpanBuilder,
  draft: SpanDraft,
  times: SpanTimes,
  latency: number | undefined,
): SpanTimes {
  const { start } = times;
  let { end } = times;
  if (start !== undefined && end !== undefined && end.micros < start.micros) {
    const name = sourceName(draft, 'end');
    builder.keep(name, draft.end);
    builder.warn('end_before_start', `${shown(name)} lies before the start; set to it`, name);
    end = start;
  }
  const measured = start === undefined || end === undefined ? undefined : end.micros - start.micros;
  if (measured !== undefined && latency !== undefined && Math.abs(measured - latency) > latencyRounding) {
    builder.keep(sourceName(draft, 'latency'), draft.latency?.value ?? draft.fields['latency']);
  }
  const duration = measured ?? latency;
  if (start !== undefined) builder.fields['start_time'] = start.text;
  if (end !== undefined) builder.fields['timestamp'] = end.text;
  if (duration !== undefined) builder.fields['latency'] = duration / 1e6;
  return { start, end };
}

function addFields(builder: SpanBuilder, draft: SpanDraft): void {
  const { fields, metadata } = draft;
  for (const field in fields) {
    const target = aliases.get(field) ?? field;
    if (target === 'latency') continue;
    builder.add(target, fields[field], sourceName(draft, field));
  }
  for (const name in metadata) {
    const value = metadata[name];
    if (name !== 'metadata') {
      builder.keep(name, value);
      continue;
    }
    const read = typeof value === 'string' ? (parseJsonContainer(value) ?? value) : value;
    for (const [key, item] of metadataEntries(read)) builder.keep(key, item);
  }
}

/** What `--set` says of a time; the last word counts. */
function givenTime({ set }: NormaliseOptions, field: 'start_time' | 'timestamp'): unknown {
  return set.findLast((each) => each.field === field)?.value;
}

/** A row in the target's shape that came in another format, as the row that JSON would have given. */
function asRow(draft: SpanDraft): Record<string, unknown> {
  const { traceId, spanId, parentId, start, end, fields, metadata } = draft;
  // Set one by one: to spread objects whose fields differ from row to row takes ten times as long.
  const row: Record<string, unknown> = {};
  if (traceId !== undefined) row['trace_unique_id'] = traceId;
  if (spanId !== undefined) row['span_unique_id'] = spanId;
  if (parentId !== undefined) row['span_parent_id'] = parentId;
  if (start !== undefined) row['start_time'] = start;
  if (end !== undefined) row['timestamp'] = end;
  for (const field of Object.keys(fields)) row[field] = fields[field];
  if (Object.keys(metadata).length > 0) row['metadata'] = metadata;
  return row;
}

/**
 * Makes a draft a valid span: ids, times, numbers, messages and enum values. Ids that are missing stay missing.
 * `isWellFormed`: no text of the draft holds half of a character, so none is looked for.
 */
export function normaliseDraft(
  draft: SpanDraft,
  options: NormaliseOptions,
  isWellFormed = false,
): Normalised {
  if (draft.asWritten === true)
    return ofDraft(
      draft,
      repairNative(asRow(draft), options, () => '', false),
    );
  const builder = new SpanBuilder(false);
  builder.warnings.push(...(draft.warnings ?? []));

  const ids: (string | undefined)[] = [];
  for (const field of ['traceId', 'spanId', 'parentId'] as const) {
    const read = readId(draft[field]);
    if ('reason' in read) return badId(sourceName(draft, field), read.reason);
    ids.push(read.id);
  }
  const [traceId, spanId, parentId] = ids;

  const names = { start: sourceName(draft, 'start'), end: sourceName(draft, 'end') };
  const start = readTime(givenTime(options, 'start_time') ?? draft.start, names.start, options);
  const end = readTime(givenTime(options, 'timestamp') ?? draft.end, names.end, options);
  if (start !== undefined && 'code' in start) return reject(start);
  if (end !== undefined && 'code' in end) return reject(end);

  addFields(builder, draft);
  const latency = readLatency(draft, builder);
  const baseTime = baseTimeOf(start, end, options);
  const times = complete({ start, end }, latency, baseTime);
  const untimed = times.start === undefined && times.end === undefined;
  if (!(draft.partial === true && untimed)) builder.warnings.push(...timeWarnings(times, names, options));
  const written = writeTimes(builder, draft, times, latency);

  applySet(builder, options);
  const typed = builder.fields['log_type'] !== undefined;
  if (draft.partial !== true) {
    builder.fields['log_type'] ??= logTypeFromShape(builder.fields, parentId !== undefined);
  }
  const typedAsRoot = !typed && builder.fields['log_type'] === logTypeOfRoot;
  if (Object.keys(builder.metadata).length > 0) builder.fields['metadata'] = builder.metadata;
  const isSound = isWellFormed && options.set.length === 0;
  const body = isSound ? builder.fields : repairSurrogates(builder.fields, builder.warnings);
  const normalised = accept(
    {
      traceId,
      spanId,
      parentId,
      label: labelOf(builder.fields, { namesParent: !isAbsent(draft.parentId), typedAsRoot }),
      start: written.start?.micros ?? NaN,
      end: written.end?.micros ?? NaN,
      body,
      ...(baseTime === undefined ? {} : { baseTimed: true }),
      ...(draft.grows === true ? { grows: true } : {}),
    },
    builder.warnings,
    options.strict,
  );
  return ofDraft(draft, normalised);
}

/** The span with what its draft says of where the trace and the parent come from. */
function ofDraft({ traceOrigin, parentByPath }: SpanDraft, normalised: Normalised): Normalised {
  if (normalised.kind === 'reject') return normalised;
  const { span } = normalised;
  if (traceOrigin !== undefined && span.traceId !== undefined) span.traceOrigin = traceOrigin;
  if (parentByPath === true && span.parentId !== undefined) span.parentByPath = true;
  return normalised;
}
