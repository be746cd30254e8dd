import { fieldKinds, maxSpanBytes } from './contract.js';
import { checkValue, isObject } from './values.js';

/** `"<index>.<field>"` → what is wrong, one line each; the shape of a 422 answer's `errors`. */
type FieldErrors = Record<string, string[]>;

export interface IngestSpan {
  trace_unique_id: string;
  span_unique_id: string;
  [field: string]: unknown;
}

/**
 * Checks a whole request body. All or nothing: spans come back only if every one of them is valid.
 *
 * @param bodyBytes size of the body; below the limit of a single span, spans need not be measured one by one
 */
export function validateSpans(
  items: readonly unknown[],
  bodyBytes: number,
): { spans: IngestSpan[] } | { errors: FieldErrors } {
  const errors = new Map<string, string[]>();
  const spans: IngestSpan[] = [];
  for (const [index, item] of items.entries()) {
    const report = (field: string, message: string) => errors.set(`${index}.${field}`, [message]);
    if (!isObject(item)) {
      report('span', 'Input should be a valid dictionary');
      continue;
    }
    const { trace_unique_id, span_unique_id } = item;
    if (!isId(trace_unique_id)) report('trace_unique_id', idProblem(trace_unique_id));
    if (!isId(span_unique_id)) report('span_unique_id', idProblem(span_unique_id));
    for (const [field, value] of Object.entries(item)) {
      const kind = fieldKinds.get(field);
      const problem = kind && checkValue(kind, value);
      if (problem !== undefined) report(field, problem);
    }
    if (bodyBytes > maxSpanBytes && Buffer.byteLength(JSON.stringify(item)) > maxSpanBytes) {
      report('span', `Span payload should be at most ${maxSpanBytes} bytes`);
    }
    if (isId(trace_unique_id) && isId(span_unique_id))
      spans.push({ ...item, trace_unique_id, span_unique_id });
  }
  return errors.size > 0 ? { errors: Object.fromEntries(errors) } : { spans };
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function idProblem(value: unknown): string {
  return value === undefined || value === null
    ? 'This field is required'
    : 'Input should be a non-empty string';
}
