import { contentParts, logTypes, messageRoles, type FieldKind } from './contract.js';

/** One line that says what was expected, or undefined for a value that the model takes. */
type Verdict = string | undefined;

const integerText = /^\s*[+-]?\d+(\.0*)?\s*$/;
const numberText = /^\s*[+-]?(\d+(?:\.\d*)?|\.\d+)(e[+-]?\d+)?\s*$/i;
const booleanText = /^(true|false|t|f|yes|no|y|n|on|off|1|0)$/i;
/** Seconds of 9999-12-31; from 2e10 on, numbers are read as milliseconds. */
const maxEpochSeconds = 253_402_300_799;

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isInteger = (value: unknown): boolean =>
  Number.isInteger(value) || typeof value === 'boolean' || (isText(value) && integerText.test(value));
const isNumber = (value: unknown): boolean =>
  typeof value === 'number' || typeof value === 'boolean' || (isText(value) && numberText.test(value));
const listOf = (value: unknown, holds: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(holds);
const expected = (what: string, holds: boolean): Verdict => (holds ? undefined : `Input should be ${what}`);

const checks: Record<FieldKind, (value: unknown) => Verdict> = {
  text: (value) => expected('a valid string', isText(value)),
  'text or integer': (value) => expected('a valid string or integer', isText(value) || isInteger(value)),
  integer: (value) => expected('a valid integer', isInteger(value)),
  number: (value) => expected('a valid number', isNumber(value)),
  boolean: (value) =>
    expected(
      'a valid boolean',
      typeof value === 'boolean' || value === 0 || value === 1 || (isText(value) && booleanText.test(value)),
    ),
  object: (value) => expected('a valid dictionary', isObject(value)),
  'list of objects': (value) => expected('a valid list of dictionaries', listOf(value, isObject)),
  'list of texts': (value) => expected('a valid list of strings', listOf(value, isText)),
  'object or list': (value) =>
    expected('a valid dictionary or list', isObject(value) || Array.isArray(value)),
  'object or JSON text': (value) => expected('a valid dictionary', isObject(value) || isJsonOfObject(value)),
  'object or text': (value) => expected('a valid dictionary or string', isObject(value) || isText(value)),
  'list of numbers or text': (value) =>
    expected('a list of numbers or a string', isText(value) || listOf(value, isNumber)),
  'text or list of texts': (value) =>
    expected('a string or a list of strings', isText(value) || listOf(value, isText)),
  'numbers by name': (value) =>
    expected('a dictionary of numbers', isObject(value) && Object.values(value).every(isNumber)),
  'tool choice': (value) =>
    expected(
      "'auto', 'none', 'required' or a dictionary with a type",
      value === 'auto' ||
        value === 'none' ||
        value === 'required' ||
        (isObject(value) && isText(value['type'])),
    ),
  time: (value) => expected('a string or a datetime before the year 10000', isText(value) || isEpoch(value)),
  'log type': (value) =>
    expected([...logTypes].map((type) => `'${type}'`).join(', '), isText(value) && logTypes.has(value)),
  message: checkMessage,
  messages: (value) => {
    if (!Array.isArray(value)) return 'Input should be a valid list of messages';
    return firstProblem(value, (message, index) => {
      const problem = checkMessage(message);
      return problem && `message ${index}: ${problem}`;
    });
  },
};

/** Judges one value of a known field. Null means absent and is always taken. */
export function checkValue(kind: FieldKind, value: unknown): Verdict {
  return value === null ? undefined : checks[kind](value);
}

function firstProblem<T>(items: readonly T[], check: (item: T, index: number) => Verdict): Verdict {
  for (const [index, item] of items.entries()) {
    const problem = check(item, index);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function checkMessage(message: unknown): Verdict {
  if (!isObject(message)) return 'Input should be a valid message';
  const { role, content = null, tool_calls = null } = message;
  if (!isText(role) || !messageRoles.has(role))
    return `role should be one of ${[...messageRoles].join(', ')}`;
  for (const name of ['name', 'tool_call_id', 'reasoning_content']) {
    const value = message[name] ?? null;
    if (value !== null && !isText(value)) return `${name} should be a valid string`;
  }
  for (const name of ['thinking_blocks', 'annotations']) {
    const value = message[name] ?? null;
    if (value !== null && !listOf(value, isObject)) return `${name} should be a valid list of dictionaries`;
  }
  if (tool_calls !== null && !listOf(tool_calls, isObject))
    return 'tool_calls should be a valid list of dictionaries';
  if (content === null || isText(content)) return undefined;
  if (!Array.isArray(content)) return 'content should be a string or a list of parts';
  return firstProblem(content, checkPart);
}

function checkPart(part: unknown, index: number): Verdict {
  if (isText(part)) return undefined;
  if (!isObject(part)) return `content part ${index} should be a string or a dictionary`;
  const type = part['type'];
  const required = isText(type) ? contentParts.get(type) : undefined;
  if (required === undefined) return `content part ${index} has an unknown type`;
  const missing = required.find((name) => !isText(part[name]));
  if (missing !== undefined) return `content part ${index}: ${missing} should be a valid string`;
  const { image_url, source, input = {} } = part;
  const holds =
    (type !== 'image_url' || isText(image_url) || (isObject(image_url) && isText(image_url['url']))) &&
    (type !== 'tool_use' || isObject(input)) &&
    (type !== 'image' ||
      (isObject(source) && ['type', 'media_type', 'data'].every((name) => isText(source[name]))));
  return holds ? undefined : `content part ${index}: mistyped ${type} part`;
}

function isJsonOfObject(value: unknown): boolean {
  if (!isText(value)) return false;
  try {
    return isObject(JSON.parse(value));
  } catch {
    return false;
  }
}

function isEpoch(value: unknown): boolean {
  return typeof value === 'number' && Math.abs(value) <= maxEpochSeconds * 1000;
}
