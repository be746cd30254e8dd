import { createHash } from 'node:crypto';

import { usageError } from '../errors.js';
import type { Warning } from '../input/row.js';
import { changeAt, gone } from './field-path.js';
import { aliases, fieldKinds, maxNameLength, type FieldKind } from './fields.js';
import { redact } from './redact.js';
import { asText, isAbsent, isObject, shown } from './text.js';

/** What must not reach the destination. Applied in this order. */
export interface PrivacyRules {
  /** Paths of fields: a target field, `metadata.KEY`, or deeper. */
  drop: readonly string[];
  hash: readonly string[];
  /** Global patterns (flag `g`). */
  redact: readonly RegExp[];
}

/** Ids and times make the tree; other flags change them. */
const structural = new Set<FieldKind>(['identifier', 'time', 'log_type']);
/** Fields that can hold a hash. */
const textual = new Set<FieldKind>(['text', 'string', 'name', 'label', 'text_or_object', 'text_or_list']);
/** Fields in which a number is what the row calls something or someone, and not a measurement. */
const namedByNumbers = new Set<FieldKind>(['label', 'metadata']);

/** Checks the path of a `--drop-field` or `--hash-field`, and gives it under every name that the field goes by. */
export function parseFieldPath(flag: '--drop-field' | '--hash-field', path: string): string[] {
  const [root = '', ...rest] = path.split('.');
  const kind = fieldKinds.get(root);
  if (kind === undefined || path.endsWith('.')) {
    const hint = `what a row has beyond the fields of a span is in its metadata: ${flag} metadata.${path}`;
    throw usageError('bad_option', `${flag}: ${shown(path)} is no field of a span`, hint);
  }
  if (structural.has(kind)) {
    const hint = 'ids change with --remap-ids, times with --shift-time-to';
    throw usageError('bad_option', `${flag}: every span needs its ${root}`, hint);
  }
  if (flag === '--hash-field' && rest.length === 0 && !textual.has(kind)) {
    const hint = `name a text within it, as in metadata.KEY, or take --drop-field ${root}`;
    throw usageError('bad_option', `${flag}: ${root} cannot hold a hash`, hint);
  }
  const canonical = aliases.get(root) ?? root;
  const others = [...aliases].filter(([, target]) => target === canonical).map(([alias]) => alias);
  return [canonical, ...others].map((name) => [name, ...rest].join('.'));
}

/**
 * `sha256:` and 16 hex digits: equal values stay equal, across runs and systems. It hides a value from readers, not from
 * those who can list all candidates (phone numbers) and hash them.
 */
function hashed(value: unknown): unknown {
  if (isAbsent(value)) return value;
  return `sha256:${createHash('sha256').update(asText(value)).digest('hex').slice(0, 16)}`;
}

/**
 * The fields of a span without what the rules forbid, in a copy; the same reference where no rule acts. The rules act
 * before the span is merged, compared and remembered by the ledger, so a re-run with other rules sends the span again
 * as changed; generated ids hash the fields as they were before, so the rules change no id.
 */
export function protect(
  fields: Record<string, unknown>,
  rules: PrivacyRules,
): { fields: Record<string, unknown>; notes: Warning[] } {
  const notes: Warning[] = [];
  let current = fields;
  const changePath = (path: string, change: (value: unknown) => unknown, note: Omit<Warning, 'field'>) => {
    const changed = changeAt(current, path, change);
    if (changed !== current) notes.push({ ...note, field: path });
    current = changed;
  };
  for (const path of rules.drop) {
    changePath(path, () => gone, { code: 'dropped_field', message: 'left out (--drop-field)' });
  }
  for (const path of rules.hash) {
    changePath(path, hashed, { code: 'hashed_field', message: 'replaced by its hash (--hash-field)' });
  }
  if (rules.redact.length > 0) {
    for (const [field, value] of Object.entries(current)) {
      changePath(field, () => redactField(field, value, rules.redact), {
        code: 'redacted',
        message: 'held what --redact matches',
      });
    }
  }
  const { metadata, ...rest } = current;
  const emptied = current !== fields && isObject(metadata) && Object.keys(metadata).length === 0;
  return { fields: emptied ? rest : current, notes };
}

function redactField(field: string, value: unknown, patterns: readonly RegExp[]): unknown {
  const kind = fieldKinds.get(field);
  if (kind !== undefined && structural.has(kind)) return value;
  const changed = redact(value, {
    patterns,
    numbers: kind !== undefined && namedByNumbers.has(kind),
    messages: kind === 'messages' || kind === 'message',
  });
  return kind === 'name' && typeof changed === 'string' && changed !== value
    ? Array.from(changed).slice(0, maxNameLength).join('')
    : changed;
}
