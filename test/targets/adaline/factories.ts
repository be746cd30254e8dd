import { formatMicros } from '../../../src/span/calendar.js';
import type { Span } from '../../../src/span/span.js';
import type { AdalineOptions, LogSpan } from '../../../src/targets/adaline/log-trace.js';

export function adalineOptions(overrides: Partial<AdalineOptions> = {}): AdalineOptions {
  return {
    onOversize: 'reject',
    runEvaluation: false,
    events: false,
    promptId: undefined,
    deploymentId: undefined,
    ...overrides,
  };
}

export function span(overrides: Record<string, unknown> = {}): Span {
  return {
    trace_unique_id: 'trace-1',
    span_unique_id: 'span-1',
    span_name: 'answer',
    start_time: '2025-06-05T10:00:00Z',
    timestamp: '2025-06-05T10:00:01Z',
    ...overrides,
  };
}

function withoutNulls(metadata: unknown): unknown {
  const entries = Object.entries(Object(metadata)).filter(([, value]) => value !== null);
  if (entries.length === 0) return undefined;
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : value]),
  );
}

function isMessage(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toldMessage(message: unknown): unknown {
  if (!isMessage(message)) return message;
  return Object.fromEntries(Object.entries(message).filter(([, value]) => value !== null));
}

/** A span without the nulls of its messages, which say nothing. */
export function withoutNullsInMessages(span: Span): Span {
  const told: Span = { ...span };
  for (const field of ['prompt_messages', 'messages', 'completion_messages', 'completion_message']) {
    const value = span[field];
    if (value !== undefined) told[field] = Array.isArray(value) ? value.map(toldMessage) : toldMessage(value);
  }
  return told;
}

/** A span as it comes back from Adaline, with the losses that the README documents and no others. */
export function asRestored(span: Span, sent: LogSpan): Span {
  const restored: Span = { ...span, span_parent_id: span.span_parent_id ?? null };
  // Whole milliseconds, the end after the start.
  if ('start_time' in span) restored['start_time'] = formatMicros(sent.startedAt * 1000);
  if ('timestamp' in span) restored['timestamp'] = formatMicros(sent.endedAt * 1000);
  // Null is nothing, and lists and objects in the metadata are their JSON.
  const metadata = withoutNulls(span['metadata']);
  if (metadata === undefined) delete restored['metadata'];
  else restored['metadata'] = metadata;
  return restored;
}
