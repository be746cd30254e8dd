import type { Explanation } from '../explain/explain-row.js';
import type { FieldFate } from '../explain/field-fates.js';
import { formatThings } from './figures.js';
import { renderTarget } from './target-explanation.js';
import { sanitise, type Paint } from './terminal.js';

const longestValue = 32;

/** An explanation for people: what the file was taken for, and a line for every scalar of the row. */
export function renderExplanation(explanation: Explanation, paint: Paint): string {
  const { detected, fields, spans, skipped, rejected, warnings } = explanation;
  const compression = explanation.compression === 'none' ? '' : ` (${explanation.compression})`;
  const why =
    detected === null
      ? 'chosen by a flag'
      : `${detected.agreeing} of ${detected.sampled} sampled rows agree: ${detected.because}`;
  const next = detected?.runner_up == null ? '' : `; next best: ${detected.runner_up}`;
  const lines = [
    `${sanitise(explanation.file)}   ${explanation.format}${compression} · ${explanation.source} (${sanitise(why)}${next})`,
    `row ${explanation.row}, line ${explanation.line}, byte ${explanation.offset}: ${outcome(explanation)}`,
    ...(skipped === null ? [] : [`  skipped   ${sanitise(skipped)}`]),
    ...(rejected === null
      ? []
      : [
          `  ${paint.bad(sanitise(rejected.code))}  ${sanitise(rejected.message, 300)}`,
          `  ${sanitise(rejected.hint, 300)}`,
        ]),
    ...warnings.map(({ code, message }) => `  ${paint.caution(sanitise(code))}  ${sanitise(message, 300)}`),
    // What could not be read has none.
    ...(fields.length === 0 ? [] : ['', ...fieldLines(fields, paint), '', summaryLine(fields, spans.length)]),
    ...(explanation.target === undefined ? [] : renderTarget(explanation.target, paint)),
  ];
  return `${lines.join('\n')}\n`;
}

function outcome({ spans, skipped, rejected }: Explanation): string {
  if (skipped !== null) return 'no span';
  return `${formatThings(spans.length, 'span')}${rejected === null ? '' : ', and rejected'}`;
}

function fieldLines(fields: readonly FieldFate[], paint: Paint): string[] {
  const rows = fields.map(({ field, value, fate, to, why }) => ({
    field: sanitise(field, 60),
    value: sanitise(JSON.stringify(value), longestValue),
    fate,
    to: sanitise(to.join(', '), 120),
    why: why === undefined ? '' : `(${why})`,
  }));
  const width = (key: 'field' | 'value' | 'fate'): number =>
    Math.max(0, ...rows.map((row) => row[key].length));
  const [fieldWidth, valueWidth, fateWidth] = [width('field'), width('value'), width('fate')];
  return rows.map((row) => {
    const fate = row.fate.padEnd(fateWidth);
    const shown =
      row.fate === 'dropped' ? paint.bad(fate) : row.fate === 'approximated' ? paint.caution(fate) : fate;
    const line = `  ${row.field.padEnd(fieldWidth)}  ${row.value.padEnd(valueWidth)}  ${shown}  ${row.to} ${paint.faint(row.why)}`;
    return line.trimEnd();
  });
}

function summaryLine(fields: readonly FieldFate[], spans: number): string {
  const counts = new Map<string, number>();
  for (const { fate } of fields) counts.set(fate, (counts.get(fate) ?? 0) + 1);
  const parts = [...counts].map(([fate, count]) => `${count} ${fate}`);
  return `${formatThings(fields.length, 'value')} · ${formatThings(spans, 'span')}: ${parts.join(' · ')}`;
}
