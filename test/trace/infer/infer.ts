import { labelOf } from '../../../src/span/label.js';
import type { Edge } from '../../../src/trace/edge.js';
import { inferParents, type InferenceOptions } from '../../../src/trace/infer/infer-parents.js';
import { noSpan } from '../../../src/trace/trace-index.js';
import { indexOf, type SpanSketch } from '../factories.js';

/** A span of a trace whose parents are to be found. Times are in milliseconds. */
export interface TimedSpan {
  id: string;
  /** The id, where left out. */
  name?: string;
  kind?: string;
  trace?: string;
  start: number;
  end?: number;
  parent?: string;
  /** The row says that there is no parent. */
  root?: boolean;
  /** The name of its trace. */
  traceName?: string;
}

export interface Inferred {
  /** Ids; undefined for a root. */
  parents: Record<string, string | undefined>;
  edges: Record<string, Edge>;
}

export function sketchOf(span: TimedSpan): SpanSketch {
  const { id, name = id, kind, trace = 'trace', start, end = NaN, parent, root, traceName } = span;
  const label = labelOf(
    { span_name: name, log_type: kind, trace_name: traceName },
    { namesParent: parent !== undefined || root === true, typedAsRoot: false },
  );
  const sketch = { id, trace, start: start * 1000, end: end * 1000, label };
  return parent === undefined ? sketch : { ...sketch, parent };
}

/** Rows in the order of the array. */
export function infer(spans: readonly TimedSpan[], options: Partial<InferenceOptions> = {}): Inferred {
  const { index, idOf } = indexOf(spans.map(sketchOf));
  inferParents(index, { mode: 'auto', minConfidence: 0, ...options });
  const inferred: Inferred = { parents: {}, edges: {} };
  for (let span = 0; span < index.mentioned; span++) {
    if (!index.isDefined(span)) continue;
    const parent = index.parentOf(span);
    inferred.parents[idOf(span)] = parent === noSpan ? undefined : idOf(parent);
    inferred.edges[idOf(span)] = index.edgeOf(span);
  }
  return inferred;
}

/** A span from one millisecond to another. */
export function from(start: number, end: number, id: string, more: Partial<TimedSpan> = {}): TimedSpan {
  return { id, start, end, ...more };
}
