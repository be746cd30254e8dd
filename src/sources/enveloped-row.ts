import type { SpanDraft } from '../span/span.js';
import { isObject } from '../span/text.js';
import { decoded } from './decoded.js';
import { holderOf } from './holder-names.js';
import { isKnownColumn } from './known-column.js';
import { addTo } from './otel/attributes.js';
import { meaningOf, plainName } from './synonyms.js';

type Row = Record<string, unknown>;

/** A row taken out of its envelope, and what the envelope says beside it. */
export interface Enveloped {
  row: Row;
  around: Row;
}

const times = ['start', 'end', 'time'];

/** What an envelope may say for the row: when it was, of which trace, and whose. */
const lendable: readonly (readonly string[])[] = [
  times,
  ['traceId'],
  ['spanId'],
  ['session_identifier'],
  ['thread_identifier'],
  ['customer_identifier'],
  ['environment'],
];

/** A span that a log names is the one that was at work, of which there may be many lines. */
function isLendable(name: string, meanings: readonly string[]): boolean {
  return meanings.includes(meaningOf(name)?.meaning ?? '') && plainName(name) !== 'spanid';
}

/**
 * The row in a row whose columns tell when something was logged and not what: an object, or its JSON text, under one of
 * the names of such collectors, in which columns have known names, at least two of them. Undefined for other rows.
 */
export function envelopedRow(outer: Row): Enveloped | undefined {
  for (const name in outer) {
    // Most columns hold other things, and that is found out in less time than what they are called.
    if (!mayBePayload(outer[name]) || holderOf(name) !== 'payload') continue;
    const inner = decoded(outer[name]);
    // A message of a chat is what was said.
    if (!isObject(inner) || 'role' in inner || Object.keys(inner).filter(isKnownColumn).length < 2) continue;
    const { [name]: _payload, ...around } = outer;
    if (Object.keys(around).some(tellsCall)) continue;
    return lend(inner, around);
  }
  return undefined;
}

function mayBePayload(value: unknown): boolean {
  return typeof value === 'string' ? value.startsWith('{') : isObject(value);
}

/** Whether a column beside the payload is of a call of a model: then the payload is a part of that. */
function tellsCall(name: string): boolean {
  const meaning = meaningOf(name)?.meaning;
  return meaning === 'model' || meaning === 'input' || meaning === 'output' || meaning === 'prompt_messages';
}

function lend(inner: Row, around: Row): Enveloped {
  const row = { ...inner };
  const rest = { ...around };
  const told = new Set(Object.keys(inner).map((name) => meaningOf(name)?.meaning));
  for (const meanings of lendable) {
    if (meanings.some((meaning) => told.has(meaning))) continue;
    const name = Object.keys(rest).find((each) => isLendable(each, meanings));
    if (name === undefined || name in row) continue;
    row[name] = rest[name];
    delete rest[name];
  }
  return { row, around: rest };
}

/** Keeps what the envelope says. */
export function addAround(drafts: readonly SpanDraft[], around: Row): void {
  for (const draft of drafts) {
    for (const [name, value] of Object.entries(around)) addTo(draft.metadata, name, value);
  }
}
