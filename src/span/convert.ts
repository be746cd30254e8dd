import type { FieldKind } from './fields.js';
import { convertMessages, type ConvertedMessages } from './messages.js';
import { isCount, readBoolean, readNumber } from './numbers.js';
import { asText, isObject, parseJsonContainer } from './text.js';
import { parseDuration } from './time.js';
import { convertToolCalls } from './tool-calls.js';

/** Kinds whose value depends on nothing but itself. */
export type PlainKind = Exclude<
  FieldKind,
  'identifier' | 'time' | 'metadata' | 'log_type' | 'messages' | 'message' | 'name'
>;

function parsed(value: unknown): unknown {
  return typeof value === 'string' ? parseJsonContainer(value) : value;
}

function readStrings(value: unknown): string[] | undefined {
  const list = parsed(value) ?? value;
  if (Array.isArray(list)) return list.map(asText);
  return typeof list === 'string' ? [list] : undefined;
}

function readObjects(value: unknown): unknown[] | undefined {
  const list = parsed(value);
  if (Array.isArray(list)) return list.every(isObject) ? list : undefined;
  return isObject(list) ? [list] : undefined;
}

function finite(value: unknown): number | undefined {
  const number = readNumber(value);
  return Number.isFinite(number) ? number : undefined;
}

const converters: Record<PlainKind, (value: unknown) => unknown> = {
  text: asText,
  string: (value) => (typeof value === 'object' ? undefined : asText(value)),
  label: (value) => (typeof value === 'object' ? undefined : asText(value)),
  integer: (value) => {
    const count = readNumber(value);
    return isCount(count) ? count : undefined;
  },
  number: finite,
  seconds: (value) => {
    const seconds = finite(value);
    if (seconds !== undefined) return seconds >= 0 ? seconds : undefined;
    const micros = parseDuration(value, 's');
    return micros === undefined ? undefined : micros / 1e6;
  },
  boolean: readBoolean,
  object: (value) => (isObject(parsed(value)) ? parsed(value) : undefined),
  objects: readObjects,
  strings: readStrings,
  json: (value) => {
    const found = parsed(value);
    return typeof found === 'object' && found !== null ? found : undefined;
  },
  text_or_object: (value) => {
    const found = parsed(value);
    return isObject(found) ? found : asText(value);
  },
  text_or_list: (value) => {
    const found = parsed(value);
    return Array.isArray(found) ? found : asText(value);
  },
};

export function isPlainKind(kind: FieldKind): kind is PlainKind {
  return kind in converters;
}

/** A value as the field takes it; undefined where it cannot be read as one. */
export function convertPlain(kind: PlainKind, value: unknown): unknown {
  return converters[kind](value);
}

interface MessageField {
  /** Undefined where there is no message. */
  value: unknown;
  roles: ConvertedMessages['roles'];
  /** Messages for which a field of one message has no place. */
  rest: unknown[];
}

/** A message field in the target's shape; JSON texts are read. What names no speaker is said by the field's. */
export function convertMessageField(
  kind: 'messages' | 'message',
  field: string,
  value: unknown,
): MessageField {
  const source = parsed(value) ?? value;
  const { messages, roles } = convertMessages(source, field.startsWith('completion') ? 'assistant' : 'user');
  if (kind === 'messages') return { value: messages, roles, rest: [] };
  // An assistant turn with tool results in it gives more messages than the field holds.
  const own = messages.findIndex((message) => message['role'] !== 'tool');
  const at = own === -1 ? 0 : own;
  return {
    value: messages[at],
    roles: roles.filter(({ index }) => index === at).map((role) => ({ ...role, index: 0 })),
    rest: messages.filter((_, index) => index !== at),
  };
}

/** The tool calls of a row in OpenAI's shape; undefined where there are none to read. */
export function convertToolCallField(value: unknown): unknown {
  const calls = convertToolCalls(value);
  return calls.length > 0 || Array.isArray(parsed(value)) ? calls : undefined;
}
