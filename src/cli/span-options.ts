import { randomBytes } from 'node:crypto';

import { usageError } from '../errors.js';
import type { Rewrite } from '../plan/finish-spans.js';
import type { Sample, Selection } from '../plan/select-traces.js';
import { parseFieldPath, type PrivacyRules } from '../span/privacy.js';
import { isProblem, parseTime } from '../span/time.js';
import type { ImportFlags } from './flags.js';
import { parseRedactPattern } from '../redact-pattern.js';

type TimeFlags = Pick<ImportFlags, 'timezone' | 'dateOrder'>;

/** Reads the time of a flag as times of rows are read, in microseconds since the epoch. */
export function timeOption(flag: string, text: string, flags: TimeFlags): number {
  const time = parseTime(text, { timezone: flags.timezone, dateOrder: flags.dateOrder });
  if (isProblem(time)) {
    throw usageError('bad_option', `${flag}: ${time.message}`, 'for example 2025-06-01T00:00:00Z');
  }
  return time.micros;
}

/** Of the flags and of a mapping file. Undefined where neither asks for privacy: then no span is looked into. */
export function privacyOf(
  flags: Pick<ImportFlags, 'dropField' | 'hashField' | 'redact'>,
  mapping: PrivacyRules = { drop: [], hash: [], redact: [] },
): PrivacyRules | undefined {
  const { dropField = [], hashField = [], redact = [] } = flags;
  const rules: PrivacyRules = {
    drop: [...mapping.drop, ...dropField.flatMap((path) => parseFieldPath('--drop-field', path))],
    hash: [...mapping.hash, ...hashField.flatMap((path) => parseFieldPath('--hash-field', path))],
    redact: [...mapping.redact, ...redact.map(parseRedactPattern)],
  };
  return rules.drop.length + rules.hash.length + rules.redact.length === 0 ? undefined : rules;
}

export function selectionOf(
  flags: Pick<ImportFlags, 'since' | 'until' | 'sample'> & TimeFlags,
): Selection | undefined {
  const { since, until, sample } = flags;
  if (since === undefined && until === undefined && sample === undefined) return undefined;
  const selection: Selection = {
    since: since === undefined ? undefined : timeOption('--since', since, flags),
    until: until === undefined ? undefined : timeOption('--until', until, flags),
    sample: sample === undefined ? undefined : parseSample(sample),
  };
  if (selection.since !== undefined && selection.until !== undefined && selection.since >= selection.until) {
    throw usageError('bad_option', '--until is not later than --since', 'no span can lie between them');
  }
  return selection;
}

/** Reads `500` or `10%`. */
function parseSample(text: string): Sample {
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(text.trim());
  if (percent !== null && Number(percent[1]) <= 100)
    return { kind: 'share', share: Number(percent[1]) / 100 };
  if (/^\d{1,15}$/.test(text.trim())) return { kind: 'count', count: Number(text) };
  const hint = 'for example --sample 500 or --sample 10%';
  throw usageError('bad_option', '--sample takes a number of traces or a percentage', hint);
}

/** `run` names the run, `now` is its time in microseconds. An empty seed stands for a random one. */
export function rewriteOf(
  flags: Pick<ImportFlags, 'remapIds' | 'shiftTimeTo' | 'provenance'> & TimeFlags,
  run: string,
  now: number,
): Rewrite | undefined {
  const { remapIds, shiftTimeTo, provenance } = flags;
  if (remapIds === undefined && shiftTimeTo === undefined && provenance !== true) return undefined;
  return {
    remapSeed: remapIds === '' ? randomBytes(8).toString('hex') : remapIds,
    shiftTo: shiftTimeTo === undefined ? undefined : shiftTimeOf(shiftTimeTo, flags, now),
    provenance: provenance === true ? run : undefined,
  };
}

function shiftTimeOf(text: string, flags: TimeFlags, now: number): number {
  return text === 'now' ? now : timeOption('--shift-time-to', text, flags);
}
