import { isObject } from '../../span/text.js';
import type { Evidence, Recogniser } from '../source.js';

export interface Nested {
  span: unknown;
  /** Id of the span in whose `child_spans` this one stands. */
  parentId: unknown;
  /** Id of the trace that encloses it, for spans that name none. */
  traceId: unknown;
}

export function isSpan(row: unknown): row is Record<string, unknown> {
  return isObject(row) && 'span_id' in row && ('span_attributes' in row || 'child_spans' in row);
}

/** A row is a trace with `spans`, or one span with those below it. */
export function topSpans(row: unknown): Nested[] | undefined {
  if (isSpan(row)) return [{ span: row, parentId: undefined, traceId: undefined }];
  if (Array.isArray(row)) {
    const below = row.map(topSpans);
    return below.includes(undefined) ? undefined : below.flatMap((each) => each ?? []);
  }
  if (!isObject(row) || !Array.isArray(row['spans'])) return undefined;
  return row['spans'].map((span: unknown) => ({ span, parentId: undefined, traceId: row['trace_id'] }));
}

function detect(sample: readonly unknown[]): Evidence {
  const agreeing = sample.filter((row) => {
    const top = topSpans(row);
    return (
      top !== undefined &&
      top.length > 0 &&
      top.every(({ span }) => isObject(span) && 'span_attributes' in span && 'child_spans' in span)
    );
  }).length;
  return { agreeing, because: 'span_attributes and child_spans in the spans' };
}

export const recogniser: Recogniser = {
  name: 'trail',
  title: 'TRAIL (nested spans)',
  checked: 'schema',
  recognisedBy: '`child_spans` beside `span_attributes`',
  detect,
};
