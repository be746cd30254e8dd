import { shown } from '../span/text.js';
import type { Mapped } from './source.js';

/** A field of the vendor's format that holds another type of value than the format says. */
export function wrongType(field: string, value: unknown, expected: string): Mapped {
  return {
    kind: 'reject',
    problem: {
      code: 'bad_field',
      message: `${shown(field)}: ${shown(value)} is not ${expected}`,
      hint: `mend ${shown(field)} in the row, or import the file as it was exported`,
      field,
    },
  };
}

/** What the rows of one wrapper document give together: all drafts, or the first reason why not. */
export function together(parts: readonly Mapped[]): Mapped {
  const problem = parts.find((part) => part.kind === 'reject');
  if (problem !== undefined) return problem;
  const drafts = parts.flatMap((part) => (part.kind === 'drafts' ? part.drafts : []));
  const skipped = parts.find((part) => part.kind === 'skip');
  if (drafts.length === 0) return skipped ?? { kind: 'skip', reason: 'empty_object' };
  return { kind: 'drafts', drafts };
}
