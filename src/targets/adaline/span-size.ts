import { fieldPrefix, setAttribute } from './attributes.js';
import { cutTexts } from './cut-texts.js';
import type { SpanFinding } from './findings.js';
import { limits } from './limits.js';
import type { LogSpan } from './request.js';

/** Attributes without which the span could not be told. */
const identifying = ['trace_unique_id', 'span_unique_id', 'span_parent_id', 'absent'].map(
  (name) => fieldPrefix + name,
);

function bytesOf(span: LogSpan): number {
  return Buffer.byteLength(JSON.stringify(span));
}

/** A span that no request can carry: its attributes are cut where the user wants it, else the findings refuse it. */
export function fittingSpan(
  span: LogSpan,
  onOversize: 'reject' | 'truncate',
  findings: SpanFinding[],
): LogSpan {
  const size = Object.values(span.attributes).reduce<number>(
    (sum, value) => sum + (typeof value === 'string' ? value.length : 0),
    0,
  );
  // A content has 1 MB at most; no character takes more than 6 bytes.
  if (size * 6 + 2 * limits.contentBytes < limits.spanBytes) return span;
  const bytes = bytesOf(span);
  if (bytes <= limits.spanBytes) return span;
  const message = `the span is ${bytes} bytes of JSON; a request takes ${limits.spanBytes}`;
  if (onOversize === 'reject') {
    const hint =
      'say --on-oversize truncate to cut its longest attributes, or --drop-field to leave fields out';
    findings.push({ code: 'span_too_large', message, hint, field: 'metadata' });
    return span;
  }
  const attributes = { ...span.attributes };
  const kept = identifying.flatMap((name) => (name in attributes ? [[name, attributes[name]] as const] : []));
  for (const name of identifying) delete attributes[name];
  setAttribute(attributes, `${fieldPrefix}truncated`, true);
  cutTexts(attributes, bytes - limits.spanBytes + 100, 1);
  findings.push({
    code: 'content_truncated',
    message: `${message}; its longest attributes are cut`,
    hint: '',
    field: 'metadata',
  });
  for (const [name, value] of kept) setAttribute(attributes, name, value);
  return { ...span, attributes };
}
