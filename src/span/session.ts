import { isRoot } from './root.js';
import type { Span } from './span.js';
import { asText, isAbsent } from './text.js';

/** The session that a span names, else its thread. */
export function sessionOf(span: Span): string | undefined {
  const { session_identifier: session, thread_identifier: thread } = span;
  const told = [session, thread].find((each) => !isAbsent(each));
  return told === undefined ? undefined : asText(told);
}

/**
 * The session of a trace: that of its first root, else the first that a span names. Looks at no more spans than that
 * takes.
 */
export function sessionOfTrace(spans: Iterable<Span>): string | undefined {
  let first: string | undefined;
  let metRoot = false;
  for (const span of spans) {
    const session = sessionOf(span);
    if (!metRoot && isRoot(span)) {
      metRoot = true;
      if (session !== undefined) return session;
    }
    first ??= session;
    if (metRoot && first !== undefined) return first;
  }
  return first;
}
