import { asText, isAbsent } from '../../span/text.js';
import { limits } from './limits.js';

/** The first value that is a name, cut to what the destination takes. */
export function nameOf(...candidates: readonly unknown[]): string {
  const name = candidates.find((each) => !isAbsent(each));
  const text = asText(name ?? 'span');
  return text.length <= limits.nameLength
    ? text
    : text.slice(0, limits.nameLength).replace(/[\uD800-\uDBFF]$/, '');
}
