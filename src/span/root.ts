import type { Span } from './span.js';

export function isRoot({ span_parent_id: parent }: Span): boolean {
  return parent === undefined || parent === null;
}
