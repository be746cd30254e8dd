import { exactEntries } from './source-text.js';
import type { Span } from './span.js';

/** A span from bytes that this program encoded or checked: their shape is known. Metadata keeps digits beyond 2^53, as text. */
export function parseSpan(bytes: Buffer): Span {
  const text = bytes.toString();
  const span: Span = JSON.parse(text);
  const metadata = exactEntries(span['metadata'], ['metadata'], () => text);
  return metadata === span['metadata'] ? span : { ...span, metadata };
}
