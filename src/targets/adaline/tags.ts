import { isObject } from '../../span/text.js';
import { textsOf } from './attributes.js';

/** The tags of a span: those in its metadata, its environment, and `warning` where it tells of one. */
export function tagsOf(span: Readonly<Record<string, unknown>>): string[] {
  const { metadata, environment, warnings } = span;
  const tags = isObject(metadata) ? textsOf(metadata['tags']) : [];
  if (typeof environment === 'string') tags.push(environment);
  if (typeof warnings === 'string' && warnings.trim() !== '') tags.push('warning');
  return [...new Set(tags.filter((tag) => tag.trim() !== ''))];
}
