import { usageError } from '../errors.js';
import { accepts } from './accept.js';
import { convertMessageField, convertPlain, isPlainKind } from './convert.js';
import { readRfc3339 } from './calendar.js';
import { fieldKinds, isCredential, type FieldKind } from './fields.js';
import { logTypeFromKind } from './log-type.js';
import { isAbsent, shown } from './text.js';
import type { TimeOptions } from './time.js';

/** A value that every span gets, whatever its row says. `metadata.x` sets one key of the metadata. */
export interface SetField {
  field: string;
  value: unknown;
}

export interface NormaliseOptions extends TimeOptions {
  /** The user named the zone: a time that names none is nothing to warn about. */
  timezoneGiven: boolean;
  /** Start for spans that tell no time, in microseconds since the epoch. */
  baseTime: number | undefined;
  set: readonly SetField[];
  /** Warnings become rejections. */
  strict: boolean;
  /** Microseconds since the epoch; only judges whether a time lies in the future. */
  now: number;
}

function badSet(message: string, hint: string): Error {
  return usageError('bad_set', `--set: ${message}`, hint);
}

/** Reads `FIELD=VALUE`. The value is typed by the field: `cost=0.1` is a number, `tools=[…]` JSON, `model=4` a text. */
export function parseSet(argument: string): SetField {
  const equals = argument.indexOf('=');
  const field = argument.slice(0, equals).trim();
  const text = argument.slice(equals + 1);
  if (equals < 1)
    throw badSet(`${shown(argument)} is not FIELD=VALUE`, 'write for example --set environment=staging');
  if (isCredential(field.replace(/^metadata\./, ''))) {
    throw badSet(`${shown(field)} is a credential`, 'credentials are never sent as data');
  }
  if (field.startsWith('metadata.') && field !== 'metadata.') return { field, value: text };
  const kind = fieldKinds.get(field);
  if (kind === undefined) {
    throw badSet(
      `${shown(field)} is no field of a span`,
      `write --set metadata.${field}=… to add it to the metadata`,
    );
  }
  if (kind === 'identifier') {
    throw badSet(
      `${field} is an id, and every span needs its own`,
      'use --trace-by FIELD to group rows into traces',
    );
  }
  const value = isAbsent(text) ? undefined : typed(kind, field, text);
  if (value === undefined) throw badSet(`${shown(text)} is no value for ${field}`, `${field} takes: ${kind}`);
  return { field, value };
}

function typed(kind: FieldKind, field: string, text: string): unknown {
  if (isPlainKind(kind)) return convertPlain(kind, text);
  switch (kind) {
    case 'time':
      return Number.isNaN(readRfc3339(text)) ? undefined : text;
    case 'name':
      return accepts.name(text) ? text : undefined;
    case 'metadata':
      return convertPlain('object', text);
    case 'log_type':
      return logTypeFromKind(text);
    case 'messages':
    case 'message':
      return convertMessageField(kind, field, text).value;
    case 'identifier':
      return undefined;
  }
  return undefined;
}
