import type { KnownRun } from '../../ledger/survey.js';
import { formatThings } from '../figures.js';
import { sanitise, toAscii } from '../terminal.js';
import { heldOf } from './status-text.js';

/** What was forgotten, and what that means. */
export function renderForgotten(runs: readonly KnownRun[], ascii: boolean): string {
  if (runs.length === 0) return 'there was nothing to forget\n';
  const lines = [
    ...runs.map(
      (run) => `  ${sanitise(run.facts.name)}   ${heldOf([run])}   ${sanitise(run.facts.endpoint)}`,
    ),
    `forgot ${formatThings(runs.length, 'run')}`,
    'The destination still holds these spans. An import of the same rows sends them again.',
  ];
  const text = lines.map((line) => `${line}\n`).join('');
  return ascii ? toAscii(text) : text;
}
