import { namesParent } from '../../span/label.js';
import { membersByTrace } from '../members-by-trace.js';
import { noSpan, type TraceIndex } from '../trace-index.js';

/**
 * `auto`: traces of two or more spans in which no row says anything about a parent. `always`: also the spans without a
 * parent in traces where others name theirs.
 */
export type InferenceMode = 'auto' | 'always' | 'never';

/** The traces in which parents are looked for, in the order of their first appearance. */
export function* tracesToInfer(index: TraceIndex, mode: InferenceMode): Generator<Uint32Array> {
  if (mode === 'never') return;
  for (const members of membersByTrace(index)) {
    if (wantsParents(index, members, mode)) yield members;
  }
}

/** False for most imports: then nothing of what infers has to be loaded. */
export function hasTracesToInfer(index: TraceIndex, mode: InferenceMode): boolean {
  return tracesToInfer(index, mode).next().done !== true;
}

function wantsParents(index: TraceIndex, members: Uint32Array, mode: InferenceMode): boolean {
  if (members.length < 2) return false;
  const isNamed = (span: number): boolean =>
    index.parentOf(span) !== noSpan || namesParent(index.labelOf(span));
  return mode === 'always' ? !members.every(isNamed) : !members.some(isNamed);
}
