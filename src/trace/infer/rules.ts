/**
 * Pieces of evidence, each of which can be left out, so that what it is worth can be measured (see "How well parents are
 * inferred" in BENCHMARKS.md). Without any of them the nearest enclosing span is taken.
 */
export interface InferenceRules {
  /** A step has the same parent step wherever it occurs in the import. */
  names: boolean;
  /** A child never straddles its parent: names that overlap somewhere are not parent and child elsewhere. */
  overlaps: boolean;
  /** Where spans around overlap, being enclosed means less. */
  concurrency: boolean;
  /** A tool that runs during a model call was called by what called the model. */
  modelCalls: boolean;
  /** Parallel steps of one name own one child of each name. */
  parallelSteps: boolean;
  /** Spans with equal times nest in the order that rows have elsewhere in the import. */
  rowOrder: boolean;
  /** A span that is called as its trace is its root. */
  traceNames: boolean;
  /** A step is rarely its own kind's parent. */
  sameName: boolean;
  /** Clocks differ by a few milliseconds. */
  skew: boolean;
  /** Events of one name under several parents are ambiguous. */
  events: boolean;
}

export const allRules: InferenceRules = {
  names: true,
  overlaps: true,
  concurrency: true,
  modelCalls: true,
  parallelSteps: true,
  rowOrder: true,
  traceNames: true,
  sameName: true,
  skew: true,
  events: true,
};
