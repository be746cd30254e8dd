import type { Span } from '../../span/span.js';
import { asText, isAbsent } from '../../span/text.js';

/** The session that a span names, else its thread. */
export function sessionOf(span: Span): string | undefined {
  const { session_identifier: session, thread_identifier: thread } = span;
  const told = [session, thread].find((each) => !isAbsent(each));
  return told === undefined ? undefined : asText(told);
}

/** The session of a trace: that of its first root, else the first that a span names. */
export function sessionOfTrace(spans: readonly Span[], root: Span | undefined): string | undefined {
  const own = root === undefined ? undefined : sessionOf(root);
  if (own !== undefined) return own;
  for (const span of spans) {
    const session = sessionOf(span);
    if (session !== undefined) return session;
  }
  return undefined;
}
