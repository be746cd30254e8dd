import type { TargetExplanation } from '../explain/explain-adaline.js';
import type { FileLosses } from '../explain/file-losses.js';
import type { TargetFinding } from '../targets/adaline/log-trace.js';
import { formatCount, formatThings } from './figures.js';
import { sanitise, type Paint } from './terminal.js';

/** Fields of a file that are listed; `--json` has all of them. */
const mostFields = 40;

function toldFinding(
  { code, refused, message, hint }: Omit<TargetFinding, 'span' | 'field'>,
  paint: Paint,
): string {
  const shown = refused ? paint.bad(code) : paint.caution(code);
  return `${shown}  ${sanitise(`${message}${hint === '' ? '' : `. ${hint}`}`, 300)}`;
}

function countedLines<Counted extends { spans: number }>(
  rows: readonly Counted[],
  text: (row: Counted) => string,
): string[] {
  const width = Math.max(0, ...rows.map(({ spans }) => formatCount(spans).length));
  return rows.map((row) => `  ${formatCount(row.spans).padStart(width)}  ${text(row)}`.trimEnd());
}

function fileLines({ traces, spans, findings, fields }: FileLosses, paint: Paint): string[] {
  const shown = fields.slice(0, mostFields);
  const nameWidth = Math.max(0, ...shown.map(({ field }) => sanitise(field, 60).length));
  const fateWidth = Math.max(0, ...shown.map(({ fate }) => fate.length));
  const more = fields.length - shown.length;
  return [
    `the whole file: ${formatThings(spans, 'span')} · ${formatThings(traces, 'trace')}`,
    ...(findings.length === 0 ? [] : ['', 'rules that act, by spans']),
    ...countedLines(findings, (finding) => toldFinding(finding, paint)),
    '',
    shown.length === 0 ? 'every field has a place' : 'fields without a place, by spans',
    ...countedLines(shown, ({ field, fate, why }) => {
      const told = fate.padEnd(fateWidth);
      const painted =
        fate === 'dropped' ? paint.bad(told) : fate === 'approximated' ? paint.caution(told) : told;
      return `${sanitise(field, 60).padEnd(nameWidth)}  ${painted}  ${paint.faint(`(${why})`)}`;
    }),
    ...(more > 0 ? [`  and ${formatThings(more, 'more field')}: see --json`] : []),
  ];
}

/** What another destination makes of a row, and what all of its file loses there. */
export function renderTarget({ name, spans, findings, file }: TargetExplanation, paint: Paint): string[] {
  return [
    '',
    `to ${name}: ${formatThings(spans.length, 'span')} of this row`,
    ...findings.map((finding) => `  ${toldFinding(finding, paint)}`),
    '',
    ...(file === null
      ? [
          'standard input is read once: here the row stands alone, without the others of its trace and its file',
        ]
      : fileLines(file, paint)),
  ];
}
