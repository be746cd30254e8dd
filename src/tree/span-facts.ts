import { readNumber } from '../span/numbers.js';
import type { Span } from '../span/span.js';

/** What a drawing tells of one span beside its times; texts as the span has them, unsanitised. */
export interface SpanFacts {
  spanId: string;
  /** As the span names it, be it missing. */
  parentId: string | undefined;
  name: string | undefined;
  logType: string | undefined;
  model: string | undefined;
  promptTokens: number | undefined;
  completionTokens: number | undefined;
  /** Undefined where nothing went wrong. */
  error: { statusCode: number | undefined; message: string | undefined } | undefined;
}

/** Status codes of the contract are those of HTTP. */
const firstErrorStatus = 400;

export function spanFacts(span: Span): SpanFacts {
  return {
    spanId: span.span_unique_id,
    parentId: span.span_parent_id ?? undefined,
    name: textOf(span['span_name']),
    logType: textOf(span['log_type']),
    model: textOf(span['model']),
    promptTokens: numberOf(span['prompt_tokens']),
    completionTokens: numberOf(span['completion_tokens']),
    error: errorOf(span),
  };
}

function errorOf(span: Span): SpanFacts['error'] {
  const status = numberOf(span['status_code']);
  const statusCode = status !== undefined && status >= firstErrorStatus ? status : undefined;
  const message = textOf(span['error_message']);
  return statusCode === undefined && message === undefined ? undefined : { statusCode, message };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Rows that pass as they are may tell numbers as texts: the server reads both. */
function numberOf(value: unknown): number | undefined {
  const number = readNumber(value);
  return Number.isNaN(number) ? undefined : number;
}
