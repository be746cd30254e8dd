/**
 * What the rules of the destination may find. `refused`: the span cannot be expressed and is left out; everything else
 * is expressed in another way, and what that hides stays in an attribute.
 */
const codes = {
  id_hashed: { refused: false },
  duplicate_id: { refused: true },
  parent_moved: { refused: false },
  times_clamped: { refused: false },
  time_missing: { refused: false },
  no_time: { refused: true },
  session_differs: { refused: false },
  negative_cost: { refused: false },
  log_disabled: { refused: false },
  content_truncated: { refused: false },
  content_too_large: { refused: true },
  span_too_large: { refused: true },
} as const;

type FindingCode = keyof typeof codes;

/** What a rule did to one span, or why it refuses it. */
export interface TargetFinding {
  /** Position among the spans of the trace that were given. */
  span: number;
  code: FindingCode;
  refused: boolean;
  /** One line, without control characters of user data. */
  message: string;
  /** What to do now; empty where nothing has to be done. */
  hint: string;
  /** The field of the span that it is about. */
  field: string;
}

/** A finding of one span, before it is known which. */
export type SpanFinding = Omit<TargetFinding, 'span' | 'refused'>;

export function isRefusal({ code }: SpanFinding): boolean {
  return codes[code].refused;
}
