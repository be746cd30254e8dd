import { exactValue } from '../span/source-text.js';
import { isAbsent, isObject } from '../span/text.js';
import type { MapContext } from './source.js';

/** What `--trace-by` groups a row by: the value of a field or at a dotted path. Undefined where there is none. */
export function traceByValue(row: Record<string, unknown>, context: MapContext): unknown {
  const { traceBy, text } = context;
  if (traceBy === undefined) return undefined;
  const path = Object.hasOwn(row, traceBy) ? [traceBy] : traceBy.split('.');
  let value: unknown = row;
  for (const key of path) value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return isAbsent(value) ? undefined : exactValue(value, path, text);
}
