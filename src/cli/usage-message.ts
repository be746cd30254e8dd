import { excerpt } from '../input/excerpt.js';

const longestLine = 500;

/**
 * What the argument parser says of a wrong command line, fit for a terminal. Values of flags that it does not know are
 * left out: `--apikey=…` holds a key all the same.
 */
export function usageMessage(text: string): string {
  return text
    .replaceAll(/'(--?[A-Za-z][\w-]*)=.*'/gs, "'$1=…'")
    .split('\n')
    .map((line) => excerpt(line, longestLine))
    .join('\n');
}
