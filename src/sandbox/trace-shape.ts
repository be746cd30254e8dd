import type { IngestSpan } from './validate.js';

export interface TraceShape {
  spans: number;
  /** Spans without a parent. */
  roots: number;
  /** Spans whose parent is not in the trace. */
  orphans: number;
  /** Spans on the longest way from a root or an orphan down to a leaf. */
  depth: number;
  /** Spans that no root and no orphan leads to: they are their own ancestors, or below such a span. */
  in_cycles: number;
}

/** Measures the tree of one trace, level by level: a chain of any length costs no stack. */
export function traceShape(traceId: string, spans: ReadonlyMap<string, IngestSpan>): TraceShape {
  const children = new Map<string, string[]>();
  const roots: string[] = [];
  const orphans: string[] = [];
  for (const [id, span] of spans) {
    const parent = parentOf(span);
    // A parent that is the trace itself is a common way to say root.
    if (parent === undefined || (parent === traceId && !spans.has(parent))) roots.push(id);
    else if (!spans.has(parent)) orphans.push(id);
    else {
      const siblings = children.get(parent);
      if (siblings) siblings.push(id);
      else children.set(parent, [id]);
    }
  }
  let depth = 0;
  let reached = 0;
  for (let level = [...roots, ...orphans]; level.length > 0; depth += 1) {
    reached += level.length;
    level = level.flatMap((id) => children.get(id) ?? []);
  }
  return {
    spans: spans.size,
    roots: roots.length,
    orphans: orphans.length,
    depth,
    in_cycles: spans.size - reached,
  };
}

function parentOf(span: IngestSpan): string | undefined {
  const parent = span['span_parent_id'];
  return typeof parent === 'string' && parent !== '' ? parent : undefined;
}
