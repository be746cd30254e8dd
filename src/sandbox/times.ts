const digits = /^[+-]?\d+(\.\d+)?$/;
const dateLike = /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T\s].*)?$/i;
const relative = /\b(ago|yesterday|today|tomorrow|now)\b/i;
/** Milliseconds of 9999-12-31. */
const maxEpochMilliseconds = 253_402_300_799_999;

/**
 * Whether the server would make something of a time given as text. It never refuses one: what it cannot read is
 * stored without a time. The server uses a lenient date parser; this is a cautious approximation of it, so a text that
 * is doubtful counts as unreadable.
 */
export function readsAsTime(text: string): boolean {
  const trimmed = text.trim();
  if (digits.test(trimmed)) return Math.abs(Number(trimmed)) <= maxEpochMilliseconds;
  return !Number.isNaN(Date.parse(trimmed)) || dateLike.test(trimmed) || relative.test(trimmed);
}
