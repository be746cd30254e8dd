import { isObject } from '../../span/text.js';
import type { Evidence, Recogniser } from '../source.js';

const kinds = new Set(['CLIENT', 'SERVER', 'PRODUCER', 'CONSUMER']);

function isSpan(row: unknown): boolean {
  if (!isObject(row) || typeof row['traceId'] !== 'string' || typeof row['id'] !== 'string') return false;
  if (isObject(row['localEndpoint']) || isObject(row['remoteEndpoint'])) return true;
  const kind = row['kind'];
  const isTimed = typeof row['timestamp'] === 'number' || typeof row['duration'] === 'number';
  return isTimed && (kind === undefined || (typeof kind === 'string' && kinds.has(kind)));
}

/** A row is a span, a trace (a list of spans) or a list of traces. */
export function* spansOf(row: unknown): Generator {
  if (!Array.isArray(row)) return yield row;
  for (const item of row) {
    if (Array.isArray(item)) yield* item;
    else yield item;
  }
}

function detect(sample: readonly unknown[]): Evidence {
  const agreeing = sample.filter((row) => {
    const spans = [...spansOf(row)];
    return spans.length > 0 && spans.every(isSpan);
  }).length;
  return { agreeing, because: 'traceId and id beside localEndpoint, or a kind and numeric times' };
}

export const recogniser: Recogniser = {
  name: 'zipkin',
  title: 'Zipkin v2 JSON',
  checked: 'verified',
  recognisedBy: '`traceId` and `id` beside `localEndpoint`',
  detect,
};
