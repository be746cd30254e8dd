import type { Mapped } from '../source.js';

/**
 * A transcript tells a turn line by line and never says that it is done, so its spans are given again with every line
 * that adds to them.
 */
export function growing(mapped: Mapped): Mapped {
  if (mapped.kind !== 'drafts') return mapped;
  return { kind: 'drafts', drafts: mapped.drafts.map((draft) => ({ ...draft, grows: true })) };
}
