import { isObject } from '../../span/text.js';

/** Names of the alternatives of `AnyValue` in OTLP/JSON; some emitters keep the names of the proto file. */
const scalarNames = ['stringValue', 'string_value', 'boolValue', 'bool_value', 'bytesValue', 'bytes_value'];
const integerNames = ['intValue', 'int_value'];
const doubleNames = ['doubleValue', 'double_value'];
const listNames = ['arrayValue', 'array_value'];
const mapNames = ['kvlistValue', 'kvlist_value'];

function alternative(value: Record<string, unknown>, names: readonly string[]): unknown {
  const name = names.find((each) => Object.hasOwn(value, each));
  return name === undefined ? undefined : value[name];
}

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

/**
 * The plain JSON value of an OTLP `AnyValue`: `{stringValue}`, `{intValue: "7"}`, `{doubleValue}`, `{boolValue}`,
 * `{arrayValue: {values}}`, `{kvlistValue: {values}}`, `{bytesValue}` (base64, left as it is), in camel or snake case.
 * What is no `AnyValue` is returned as it is. `{}` is null.
 */
export function anyValue(value: unknown): unknown {
  if (!isObject(value)) return value;
  const names = Object.keys(value);
  if (names.length === 0) return null;
  if (names.length > 1) return value;
  const scalar = alternative(value, scalarNames);
  if (scalar !== undefined) return scalar;
  const whole = alternative(value, integerNames);
  if (whole !== undefined) return integer(whole);
  const fraction = alternative(value, doubleNames);
  if (fraction !== undefined) return double(fraction);
  const list = alternative(value, listNames);
  if (list !== undefined) return listOf(list).map(anyValue);
  const map = alternative(value, mapNames);
  return map === undefined ? value : keyValues(listOf(map));
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
  const entries = new Map<string, unknown>();
  for (const [index, item] of attributes.entries()) {
    const key = isObject(item) ? keyOf(item) : undefined;
    if (!isObject(item) || typeof key !== 'string') {
      entries.set(freeName(entries, `attributes[${index}]`), item);
      continue;
    }
    const value = 'Key' in item ? goValue(item['Value']) : anyValue(item['value']);
    entries.set(freeName(entries, key), value);
  }
  return Object.fromEntries(entries);
}

function freeName(taken: ReadonlyMap<string, unknown>, key: string): string {
  let free = key;
  for (let number = 2; taken.has(free); number += 1) free = `${key}_${number}`;
  return free;
}
