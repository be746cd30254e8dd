import { readBoolean } from '../../span/numbers.js';
import type { Span } from '../../span/span.js';
import type { SpanFinding } from './findings.js';

/**
 * What Respan does not store of a span whose log is disabled, and the texts beside it: in Adaline they would be the
 * messages of the call.
 */
const unlogged = [
  'input',
  'output',
  'prompt_messages',
  'messages',
  'completion_message',
  'completion_messages',
  'tool_calls',
  'full_request',
  'full_response',
];

/** The fields of a span that its `disable_log` keeps from being stored. */
export function unloggedFields(span: Span): string[] {
  return readBoolean(span['disable_log']) === true ? unlogged.filter((field) => field in span) : [];
}

/** A span as it may be logged: Adaline knows no `disable_log`, so what that keeps out of Respan is left out here. */
export function loggable(span: Span, findings: SpanFinding[]): Span {
  const fields = unloggedFields(span);
  if (fields.length === 0) return span;
  findings.push({
    code: 'log_disabled',
    message: 'disable_log is set: input, output, messages, tool calls and raw bodies are left out',
    hint: '',
    field: 'disable_log',
  });
  const kept: Span = { ...span };
  for (const field of fields) delete kept[field];
  return kept;
}
