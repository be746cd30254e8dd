import { rfc3339 } from '../time.js';

/**
 * A span of about 250 bytes in the shape of Respan's ingest contract: what an import keeps of it weighs most beside it.
 *
 * @param {import('../trace-outliner.js').Outline} span
 * @param {import('../content.js').ContentWriter} content
 */
export function smallRow(span, content) {
  return JSON.stringify({
    trace_unique_id: span.trace,
    span_unique_id: span.id,
    span_parent_id: span.parent?.id ?? null,
    span_name: span.kind,
    start_time: rfc3339(span.start),
    timestamp: rfc3339(span.end),
    input: content.text.word(),
  });
}
