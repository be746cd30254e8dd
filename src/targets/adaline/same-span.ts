import { isDeepStrictEqual } from 'node:util';

import type { Span } from '../../span/span.js';
import { isObject } from '../../span/text.js';
import { fieldPrefix } from './attributes.js';
import type { Attributes, Content, LogSpan } from './request.js';
import { toldTimes } from './span-times.js';

/** Attributes that follow from what else is sent of the trace, or when. */
const surroundings: ReadonlySet<string> = new Set(
  ['span_parent_id', 'absent', 'session_identifier', 'thread_identifier', 'truncated'].map(
    (field) => fieldPrefix + field,
  ),
);
/** What a run tells of itself (`--provenance`), and of parents that were cut off. */
const importPrefix = 'import.';

/**
 * Whether the row of a search tells the span that would be sent; undefined where it does not tell its content.
 * What depends on how the span's trace travels is no difference: times that the span does not tell, its parent, its
 * session, and of its type whether others are below it. Nor is what the destination adds.
 */
export function isSameSpan(
  row: Readonly<Record<string, unknown>>,
  told: Span,
  made: LogSpan,
): boolean | undefined {
  const content = parsed(row['content']);
  if (!isObject(content)) return undefined;
  const times = toldTimes(told);
  return (
    row['name'] === made.name &&
    row['status'] === made.status &&
    (Number.isNaN(times.startedAt) || row['startedAt'] === made.startedAt) &&
    (Number.isNaN(times.endedAt) || row['endedAt'] === made.endedAt) &&
    sameContent(content, made.content) &&
    sameAttributes(parsed(row['attributes']), made.attributes)
  );
}

function sameContent(stored: Readonly<Record<string, unknown>>, content: Content): boolean {
  return Object.entries(content).every(([name, value]) => {
    if (name === 'type') return isModel(stored['type']) === isModel(value);
    return isDeepStrictEqual(parsed(stored[name]), parsed(value));
  });
}

function isModel(type: unknown): boolean {
  return type === 'Model';
}

function sameAttributes(stored: unknown, attributes: Attributes): boolean {
  if (!isObject(stored)) return true;
  return Object.entries(attributes).every(
    ([name, value]) =>
      surroundings.has(name) || name.startsWith(importPrefix) || String(stored[name]) === String(value),
  );
}

/** Columns of rows are shown as JSON text by some documents, as what they are by others. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    const inner: unknown = JSON.parse(value);
    return inner;
  } catch {
    return value;
  }
}
