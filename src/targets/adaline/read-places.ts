import { isAbsent } from '../../span/text.js';
import { fieldsOfContent } from './read-content.js';

/** What a span of Adaline says outside of its attributes. */
interface Places {
  name?: unknown;
  sessionId?: unknown;
  /** Milliseconds since the epoch, or any other spelling of a time. */
  startedAt?: unknown;
  endedAt?: unknown;
  content: Record<string, unknown>;
}

/** What the places of a span say, in fields of Respan. Ids, status, attributes and tags are read apart. */
export function readPlaces({
  name,
  sessionId,
  startedAt,
  endedAt,
  content,
}: Places): Record<string, unknown> {
  const told = { span_name: name, session_identifier: sessionId, start_time: startedAt, timestamp: endedAt };
  const fields: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(told)) if (!isAbsent(value)) fields[field] = value;
  return Object.assign(fields, fieldsOfContent(content));
}
