import { fieldRules } from './accept.js';
import { readRfc3339 } from './calendar.js';
import { isAbsentId } from './ids.js';
import { labelOf } from './label.js';
import type { NormalisedSpan } from './normalised.js';
import { isOutOfRange } from './out-of-range.js';

/** A span with both its ids whose bytes are those of its row. */
export interface CleanSpan extends NormalisedSpan {
  traceId: string;
  spanId: string;
  body: 'row';
}

/**
 * The span of a row in the target's shape that passes byte for byte; undefined where any rule might act. The hot path:
 * allocates only its result. Lone surrogates are not looked for.
 *
 * @param now microseconds since the epoch
 */
export function readClean(row: Readonly<Record<string, unknown>>, now: number): CleanSpan | undefined {
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
  return {
    traceId,
    spanId,
    parentId: hasParent ? parent : undefined,
    label: labelOf(row, { namesParent: parent !== undefined, typedAsRoot: false }),
    start,
    end,
    body: 'row',
  };
}

/** Microseconds of a time field that needs no repair: NaN where it is absent, undefined where a rule must look at it. */
function cleanTime(value: unknown): number | undefined {
  if (value === undefined) return NaN;
  if (typeof value !== 'string') return undefined;
  const micros = readRfc3339(value);
  return Number.isNaN(micros) ? undefined : micros;
}
