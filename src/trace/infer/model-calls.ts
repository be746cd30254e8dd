import { Kind, kindOfLabel } from '../../span/label.js';
import { candidateAt } from './candidates.js';
import type { NestedTrace } from './nested-trace.js';

/** 1 for model calls that hold no other one; the ones around them are wrappers, which may well call tools. */
export function innermostModelCalls({ view, candidates }: NestedTrace): Uint8Array {
  const innermost = Uint8Array.from(view.labels, (label) => (kindOfLabel(label) === Kind.model ? 1 : 0));
  for (let position = 0; position < view.size; position++) {
    if (kindOfLabel(view.labels[position]!) !== Kind.model) continue;
    for (let rank = 0; rank < candidates.counts[position]!; rank++) {
      innermost[candidateAt(candidates, position, rank)] = 0;
    }
  }
  return innermost;
}

/**
 * Of a tool or an agent that ran during a model call, the rank of the last candidate that did not call it: the outermost
 * such call. -1 where there is none, or nothing around it that could have called both.
 */
export function lastInModelCall(
  { view, candidates }: NestedTrace,
  innermost: Uint8Array,
  position: number,
): number {
  const kind = kindOfLabel(view.labels[position]!);
  if (kind !== Kind.tool && kind !== Kind.agent) return -1;
  const outermost = candidates.counts[position]! - 1;
  for (let rank = outermost; rank >= 0; rank--) {
    const parent = candidateAt(candidates, position, rank);
    const isInside =
      view.starts[parent]! < view.starts[position]! && view.ends[parent]! > view.ends[position]!;
    if (innermost[parent] === 1 && isInside) return rank === outermost ? -1 : rank;
  }
  return -1;
}
