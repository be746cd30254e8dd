import { usageError } from '../errors.js';
import { generic } from './generic.js';
import { respan } from './respan.js';
import type { Source } from './source.js';

/** All sources, in the order in which they are tried: the telling formats first, `generic` last. */
export const sources: readonly Source[] = [respan, generic];

/** The source of a `--source` flag. */
export function findSource(name: string): Source {
  const source = sources.find((each) => each.name === name.toLowerCase());
  if (source !== undefined) return source;
  const names = sources.map((each) => each.name).join(', ');
  throw usageError(
    'unknown_source',
    `--source: there is no source ${JSON.stringify(name)}`,
    `Choose one of: ${names}.`,
  );
}
