import { isWritable, readRfc3339 } from '../../span/calendar.js';
import { readNumber } from '../../span/numbers.js';
import type { Span } from '../../span/span.js';
import type { SpanFinding } from './findings.js';

/** Milliseconds since the epoch. */
export interface Times {
  startedAt: number;
  endedAt: number;
}

/** NaN where the span does not tell it. */
function millisecondsOf(value: unknown): number {
  return typeof value === 'string' ? Math.floor(readRfc3339(value) / 1000) : Number.NaN;
}

/** NaN for what no date can be written of: a latency may be any number. */
function onCalendar(milliseconds: number): number {
  return isWritable(milliseconds * 1000) ? milliseconds : Number.NaN;
}

/** What a span tells of its times, a missing end following from the other and the latency. NaN where nothing does. */
export function toldTimes(span: Span): Times {
  const startedAt = millisecondsOf(span['start_time']);
  const endedAt = millisecondsOf(span['timestamp']);
  const latency = Math.round(readNumber(span['latency'] ?? span['generation_time']) * 1000);
  return {
    startedAt: Number.isNaN(startedAt) ? onCalendar(endedAt - latency) : startedAt,
    endedAt: Number.isNaN(endedAt) ? onCalendar(startedAt + latency) : endedAt,
  };
}

/** The earliest time that the spans of a trace tell; undefined where none tells any. */
export function earliestOf(spans: readonly Span[]): number | undefined {
  let earliest = Number.POSITIVE_INFINITY;
  for (const span of spans) {
    const { startedAt, endedAt } = toldTimes(span);
    const first = Number.isNaN(startedAt) ? endedAt : startedAt;
    if (first < earliest) earliest = first;
  }
  return Number.isFinite(earliest) ? earliest : undefined;
}

/** Whether a span tells an end that lies before its start, as two rows of it may. */
export function endsBeforeStart(span: Span): boolean {
  return millisecondsOf(span['timestamp']) < millisecondsOf(span['start_time']);
}

function clamped(times: Times, findings: SpanFinding[]): Times {
  const { startedAt, endedAt } = times;
  if (endedAt > startedAt) return times;
  findings.push({
    code: 'times_clamped',
    message:
      endedAt < startedAt
        ? 'the end lies before the start; it is set 1 ms after the start, and kept in an attribute'
        : 'start and end are the same millisecond; the end is set 1 ms after the start',
    hint: '',
    field: 'timestamp',
  });
  return { startedAt, endedAt: startedAt + 1 };
}

/**
 * The times of a span as the destination takes them: whole milliseconds, the end after the start. A span that tells one
 * of them lasts 1 ms; one that tells none begins with its trace, and is refused where the trace has no time either.
 */
export function timesOf(
  span: Span,
  earliest: number | undefined,
  findings: SpanFinding[],
): Times | undefined {
  const told = toldTimes(span);
  const { startedAt, endedAt } = told;
  if (!Number.isNaN(startedAt) && !Number.isNaN(endedAt)) return clamped(told, findings);
  if (earliest === undefined) {
    findings.push({
      code: 'no_time',
      message: 'no span of the trace tells a time, and Adaline takes none without start and end',
      hint: 'say --base-time TIME',
      field: 'start_time',
    });
    return undefined;
  }
  const isStart = !Number.isNaN(startedAt);
  findings.push({
    code: 'time_missing',
    message:
      isStart || !Number.isNaN(endedAt)
        ? 'start or end is not told; the span is given 1 ms'
        : 'no start and no end; the span is given the first millisecond of its trace',
    hint: '',
    field: isStart ? 'timestamp' : 'start_time',
  });
  const start = isStart ? startedAt : Number.isNaN(endedAt) ? earliest : Math.max(endedAt - 1, earliest);
  return { startedAt: start, endedAt: start + 1 };
}
