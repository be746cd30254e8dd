import { createHash } from 'node:crypto';

import { formatMicros, readRfc3339 } from './calendar.js';
import { addMetadata } from './metadata.js';
import type { Span } from './span.js';
import { isObject } from './text.js';

/** Where a span came from, for its metadata. */
export interface Provenance {
  run: string;
  source: string;
  file: string;
  /** 1-based. */
  line: number;
}

/** The first hex digits of sha256(seed + id). */
export function remapId(id: string, seed: string, digits: 16 | 32): string {
  return createHash('sha256').update(seed).update(id).digest('hex').slice(0, digits);
}

/**
 * The span under other ids: 32 hex digits for its trace, 16 for itself and its parent, which follow from the old ones
 * and the seed alone. So the tree stays the same, also across files. Other fields may still tell the old ids.
 */
export function remapIds(span: Span, seed: string): Span {
  const remapped: Span = {
    ...span,
    trace_unique_id: remapId(span.trace_unique_id, seed, 32),
    span_unique_id: remapId(span.span_unique_id, seed, 16),
  };
  const parent = span.span_parent_id;
  if (typeof parent === 'string') remapped.span_parent_id = remapId(parent, seed, 16);
  return remapped;
}

/** The span moved in time by so many microseconds. Digits below the microsecond are cut. */
export function shiftTimes(span: Span, micros: number): Span {
  const shifted = { ...span };
  for (const field of ['start_time', 'timestamp'] as const) {
    const time = span[field];
    if (typeof time === 'string') shifted[field] = formatMicros(readRfc3339(time) + micros);
  }
  return shifted;
}

/** The span with its origin in the metadata. An origin that an earlier import wrote keeps its place (`import.run_2`). */
export function addProvenance(span: Span, { run, source, file, line }: Provenance): Span {
  return withMetadata(span, {
    'import.run': run,
    'import.source': source,
    'import.file': file,
    'import.line': line,
  });
}

/** The span as a root. The id of its parent, where it named another span, stays in the metadata as `import.parent_id`. */
export function withoutParent(span: Span, namedSpan: boolean): Span {
  const { span_parent_id: parent } = span;
  const root = { ...span };
  delete root.span_parent_id;
  const isKept = namedSpan && typeof parent === 'string' && parent !== span.span_unique_id;
  return isKept ? withMetadata(root, { 'import.parent_id': parent }) : root;
}

function withMetadata(span: Span, entries: Readonly<Record<string, unknown>>): Span {
  const metadata = isObject(span['metadata']) ? { ...span['metadata'] } : {};
  for (const [name, value] of Object.entries(entries)) addMetadata(metadata, name, value);
  return { ...span, metadata };
}
