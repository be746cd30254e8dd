/** What the lint finds in trees; README tells what becomes of each. */
export const findingCodes = [
  'self_parent',
  'cycle',
  'orphan_parent',
  'parent_in_other_trace',
  'parent_is_trace',
  'multiple_roots',
  'child_outside_parent',
] as const;

export type FindingCode = (typeof findingCodes)[number];

/** Something odd about a tree, and the span to blame. */
export interface Finding {
  code: FindingCode;
  span: number;
  /** Of an orphan: a span of another trace has the id that the row names as its parent. */
  parentElsewhere?: boolean;
}

export type OnFinding = (finding: Finding) => void;
