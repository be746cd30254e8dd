import { usageError } from './errors.js';

/** How many rows or spans may go wrong before the run stops: a count, or a share of what was seen. */
export type MaxErrors = { kind: 'count'; count: number } | { kind: 'share'; share: number };

/** Rows or spans below which a share says nothing. */
const shareFrom = 100;

/** Reads `10` or `0.5%`. */
export function parseMaxErrors(text: string): MaxErrors {
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(text.trim());
  if (percent !== null && Number(percent[1]) <= 100)
    return { kind: 'share', share: Number(percent[1]) / 100 };
  if (/^\d{1,15}$/.test(text.trim())) return { kind: 'count', count: Number(text) };
  throw usageError(
    'bad_option',
    '--max-errors takes a number or a percentage',
    'for example --max-errors 10 or --max-errors 1%',
  );
}

/** True where more went wrong than is permitted. A share counts from 100 on. */
export function exceeds(maxErrors: MaxErrors, errors: number, seen: number): boolean {
  if (maxErrors.kind === 'count') return errors > maxErrors.count;
  return seen >= shareFrom && errors > seen * maxErrors.share;
}
