import { readRfc3339 } from './calendar.js';
import { isFallbackLogType } from './log-type.js';
import type { Span } from './span.js';
import { isObject } from './text.js';

export interface Merged {
  /** `same`: equal content. `complementary`: each says what the other leaves out. `conflicting`: a field differs. */
  kind: 'same' | 'complementary' | 'conflicting';
  span: Span;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

function isEqual(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => isEqual(item, right[index]));
  }
  if (!isObject(left) || !isObject(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && isEqual(left[key], right[key]))
  );
}

function mergeValues(
  earlier: Record<string, unknown>,
  later: Record<string, unknown>,
): { merged: Record<string, unknown>; conflict: boolean } {
  const merged = new Map(Object.entries(earlier));
  let conflict = false;
  for (const [name, value] of Object.entries(later)) {
    const before = merged.get(name);
    if (isEmpty(value) && merged.has(name)) continue;
    if (isEmpty(before) || isEqual(before, value)) {
      merged.set(name, value);
    } else if (name === 'metadata' && isObject(before) && isObject(value)) {
      const inner = mergeValues(before, value);
      merged.set(name, inner.merged);
      conflict ||= inner.conflict;
    } else if (name === 'log_type' && (isFallbackLogType(before) || isFallbackLogType(value))) {
      // Half a span looks like a task or a workflow; the half that says more knows better.
      if (isFallbackLogType(before)) merged.set(name, value);
    } else {
      merged.set(name, value);
      conflict = true;
    }
  }
  return { merged: Object.fromEntries(merged), conflict };
}

/** Two halves of a span know its latency only together. */
function addLatency(span: Record<string, unknown>): void {
  const { start_time: start, timestamp: end, latency, generation_time: alias } = span;
  if (latency !== undefined || alias !== undefined || typeof start !== 'string' || typeof end !== 'string')
    return;
  const micros = readRfc3339(end) - readRfc3339(start);
  if (micros >= 0) span['latency'] = micros / 1e6;
}

/** The span without the times that `--base-time` gave it: they say nothing where another row of it tells any. */
export function withoutBaseTime(span: Span): Span {
  const { start_time: _start, timestamp: _end, ...rest } = span;
  // A latency of nothing was measured between the two.
  if (rest['latency'] === 0) delete rest['latency'];
  return { ...rest, trace_unique_id: span.trace_unique_id, span_unique_id: span.span_unique_id };
}

/**
 * One span of two rows with the same ids. Fields that only one of them has are kept, metadata is merged key by key;
 * where both say something else, the later row wins.
 */
export function mergeSpans(earlier: Span, later: Span): Merged {
  if (isEqual(earlier, later)) return { kind: 'same', span: earlier };
  const { merged, conflict } = mergeValues(earlier, later);
  const hadBoth = [earlier, later].some(
    (span) => span['start_time'] !== undefined && span['timestamp'] !== undefined,
  );
  if (!hadBoth) addLatency(merged);
  const span: Span = {
    ...merged,
    trace_unique_id: later.trace_unique_id,
    span_unique_id: later.span_unique_id,
  };
  return { kind: conflict ? 'conflicting' : 'complementary', span };
}
