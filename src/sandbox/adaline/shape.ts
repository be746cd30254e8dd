import { isObject } from '../values.js';

/** Undefined where the value is as it must be, else what is wrong, led by where it is. */
export type Complaint = string | undefined;

export type Check = (value: unknown, at: string) => Complaint;

/** Of strings, in UTF-16 units. */
export function text(least: number, most = Number.POSITIVE_INFINITY): Check {
  return (value, at) => {
    if (typeof value !== 'string') return `${at}: Expected string`;
    if (value.length < least) return `${at}: String must contain at least ${least} character(s)`;
    return value.length > most ? `${at}: String must contain at most ${most} character(s)` : undefined;
  };
}

export function oneOf(...words: readonly string[]): Check {
  return (value, at) =>
    typeof value === 'string' && words.includes(value) ? undefined : `${at}: Expected ${words.join(' | ')}`;
}

/** Milliseconds since the epoch; nothing documented keeps them from lying before it. */
export const time: Check = (value, at) =>
  typeof value === 'number' && Number.isSafeInteger(value)
    ? undefined
    : `${at}: Expected Unix timestamp in milliseconds`;

export const truth: Check = (value, at) =>
  typeof value === 'boolean' ? undefined : `${at}: Expected boolean`;

export const amount: Check = (value, at) =>
  typeof value === 'number' && value >= 0 ? undefined : `${at}: Number must be greater than or equal to 0`;

/** A text that is JSON: the API takes no other. */
export const jsonText: Check = (value, at) => {
  if (typeof value !== 'string') return `${at}: Expected string`;
  try {
    JSON.parse(value);
    return undefined;
  } catch {
    return `${at}: Expected a string of valid JSON`;
  }
};

export const anything: Check = () => undefined;

export function listOf(check: Check): Check {
  return (value, at) => {
    if (!Array.isArray(value)) return `${at}: Expected array`;
    return firstOf(value.map((item: unknown, position) => () => check(item, `${at}.${position}`)));
  };
}

/** A flat record: no null, no list, no object. */
export const attributes: Check = (value, at) => {
  if (!isObject(value)) return `${at}: Expected object`;
  const flat = new Set(['string', 'number', 'boolean']);
  const odd = Object.entries(value).find(([, entry]) => !flat.has(typeof entry));
  return odd === undefined ? undefined : `${at}.${odd[0]}: Expected string | number | boolean`;
};

/** An object of these fields and no others. Fields of `required` must be there, those of `optional` may. */
export function fields(required: Record<string, Check>, optional: Record<string, Check> = {}): Check {
  const known = { ...optional, ...required };
  return (value, at) => {
    if (!isObject(value)) return `${at}: Expected object`;
    const missing = Object.keys(required).find((name) => value[name] === undefined);
    if (missing !== undefined) return `${at}.${missing}: Required`;
    const unknown = Object.keys(value).find((name) => !Object.hasOwn(known, name));
    if (unknown !== undefined) return `${at}: Unrecognized key: ${unknown}`;
    return firstOf(
      Object.entries(value).map(
        ([name, entry]) =>
          () =>
            known[name]?.(entry, `${at}.${name}`),
      ),
    );
  };
}

function firstOf(checks: readonly (() => Complaint)[]): Complaint {
  for (const check of checks) {
    const complaint = check();
    if (complaint !== undefined) return complaint;
  }
  return undefined;
}
