import { define } from '../../span/define.js';
import { isObject } from '../../span/text.js';

/** 64-bit integers are digit strings in OTLP/JSON; those that a number cannot hold stay strings. */
function integer(value: unknown): unknown {
  if (typeof value !== 'string' || !/^-?\d+$/.test(value)) return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function double(value: unknown): unknown {
  if (typeof value !== 'string' || value.trim() === '') return value;
  const number = Number(value);
  return Number.isFinite(number) ? number : value;
}

function listOf(value: unknown): unknown[] {
  const values = isObject(value) ? value['values'] : value;
  return Array.isArray(values) ? values : [];
}

const same = (value: unknown): unknown => value;

/** How the alternatives of `AnyValue` are read in OTLP/JSON; some emitters keep the names of the proto file. */
const readers: ReadonlyMap<string, (value: unknown) => unknown> = new Map([
  ['stringValue', same],
  ['string_value', same],
  ['boolValue', same],
  ['bool_value', same],
  ['bytesValue', same],
  ['bytes_value', same],
  ['intValue', integer],
  ['int_value', integer],
  ['doubleValue', double],
  ['double_value', double],
  ['arrayValue', valuesOf],
  ['array_value', valuesOf],
  ['kvlistValue', keyValuesOf],
  ['kvlist_value', keyValuesOf],
]);

/**
 * The plain JSON value of an OTLP `AnyValue`: `{stringValue}`, `{intValue: "7"}`, `{doubleValue}`, `{boolValue}`,
 * `{arrayValue: {values}}`, `{kvlistValue: {values}}`, `{bytesValue}` (base64, left as it is), in camel or snake case.
 * What is no `AnyValue` is returned as it is. `{}` is null.
 */
export function anyValue(value: unknown): unknown {
  if (!isObject(value)) return value;
  const names = Object.keys(value);
  const [name] = names;
  if (name === undefined) return null;
  const read = names.length > 1 ? undefined : readers.get(name);
  return read === undefined ? value : read(value[name]);
}

function valuesOf(list: unknown): unknown[] {
  return listOf(list).map(anyValue);
}

function keyValuesOf(list: unknown): Record<string, unknown> {
  return keyValues(listOf(list));
}

function keyOf(item: Record<string, unknown>): unknown {
  return item['key'] ?? item['Key'];
}

/** Go's `stdouttrace` writes `{Key, Value: {Type: "STRING", Value}}`. */
function goValue(value: unknown): unknown {
  return isObject(value) && 'Type' in value && 'Value' in value ? value['Value'] : value;
}

/**
 * Attributes as a flat object: from OTLP's list of `{key, value}`, Go's list of `{Key, Value}`, or an object already.
 * Of a key that comes twice the later value gets a number: `name_2`. What is no pair is kept by its place:
 * `attributes[3]`. Anything but a list or an object gives no attributes.
 */
export function keyValues(attributes: unknown): Record<string, unknown> {
  if (isObject(attributes)) return attributes;
  if (!Array.isArray(attributes)) return {};
  const entries: Record<string, unknown> = {};
  for (let index = 0; index < attributes.length; index++) {
    const item: unknown = attributes[index];
    const key = isObject(item) ? keyOf(item) : undefined;
    if (!isObject(item) || typeof key !== 'string') {
      define(entries, freeName(entries, `attributes[${index}]`), item);
      continue;
    }
    const value = 'Key' in item ? goValue(item['Value']) : anyValue(item['value']);
    define(entries, freeName(entries, key), value);
  }
  return entries;
}

function freeName(taken: Readonly<Record<string, unknown>>, key: string): string {
  let free = key;
  for (let number = 2; Object.hasOwn(taken, free); number += 1) free = `${key}_${number}`;
  return free;
}
