import { byteColumn } from './column.js';
import { noSpan, type TraceIndex } from './trace-index.js';

/**
 * Calls `mark` for every span of the plan that hangs on a marked one, however far below, and for no span that is marked
 * already. Edges must be free of cycles. Linear in the number of spans, without recursion.
 */
export function markDescendants(
  index: TraceIndex,
  isMarked: (span: number) => boolean,
  mark: (span: number) => void,
): void {
  const free = byteColumn();
  const path: number[] = [];
  for (let first = 0; first < index.mentioned; first++) {
    let span = first;
    while (span !== noSpan && index.isDefined(span) && !isMarked(span) && free.get(span) === 0) {
      path.push(span);
      span = index.parentOf(span);
    }
    const hangsOnMarked = span !== noSpan && isMarked(span);
    for (let member = path.pop(); member !== undefined; member = path.pop()) {
      if (hangsOnMarked) mark(member);
      else free.set(member, 1);
    }
  }
}
