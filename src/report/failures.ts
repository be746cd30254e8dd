import { formatCount, formatThings } from './figures.js';
import type { Summary } from './summary.js';
import { sanitise, type Paint } from './terminal.js';

/** What could not be imported, how often for which reason, and where it lies now. */
export function renderFailures(summary: Summary, paint: Paint): string[] {
  const { rows, spans, rejects, stopped, exit_code } = summary;
  const parts = [
    ...(rows.rejected > 0 ? [`${formatThings(rows.rejected, 'row')} rejected`] : []),
    ...(spans.refused > 0 ? [`${formatThings(spans.refused, 'span')} refused by the server`] : []),
    ...(spans.failed > 0 ? [`${formatThings(spans.failed, 'span')} failed`] : []),
  ];
  if (parts.length === 0 && exit_code !== 0 && stopped === null) parts.push(incompleteness(summary));
  if (parts.length === 0) return [];
  const exit = stopped === null ? ` (exit code ${exit_code})` : '';
  return [
    `${paint.bad(parts.join(' · '))}${exit}`,
    ...codeLines(rows.rejected_by_code),
    ...rejectLines(rejects),
    ...(stopped === null ? missingLines(summary) : []),
    ...adviceLines(summary),
  ];
}

/** Why a run in which nothing was rejected, refused or failed is no success. */
function incompleteness({ errors, strict, warnings }: Summary): string {
  if (errors !== null && errors.count > 0) {
    return `${formatThings(errors.count, 'error')} reported by the server`;
  }
  const warned = Object.values(warnings).reduce((sum, count) => sum + count, 0);
  return strict && warned > 0
    ? `${formatThings(warned, 'warning')} under --strict`
    : 'the import is incomplete';
}

function codeLines(counts: Summary['rows']['rejected_by_code']): string[] {
  const entries = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([code, count]): [string, string] => [sanitise(code), formatCount(count)]);
  const label = Math.max(...entries.map(([code]) => code.length));
  const figure = Math.max(...entries.map(([, count]) => count.length));
  return entries.map(([code, count]) => `  ${code.padEnd(label)}  ${count.padStart(figure)}`);
}

function rejectLines(rejects: Summary['rejects']): string[] {
  if (rejects === null) return [];
  return [
    ...rejects.rows.map((path) => `  rows     ${sanitise(path)}`),
    ...(rejects.spans === null ? [] : [`  spans    ${sanitise(rejects.spans)}`]),
    `  reasons  ${sanitise(rejects.reasons)}`,
  ];
}

function missingLines({ missing }: Summary): string[] {
  return missing === null ? [] : [`  missing  ${sanitise(missing)}`];
}

function adviceLines({ mode, rows, spans, rejects }: Summary): string[] {
  return [
    ...(spans.failed > 0 ? ['  Run the same command again to send the failed spans.'] : []),
    ...(rows.rejected > 0 && rejects === null && mode === 'dry-run'
      ? ['  Say --rejects DIR to have them written to files in a dry run too.']
      : []),
  ];
}

/** Why the run ended before its end, and what to do now. */
export function renderStop(summary: Summary, paint: Paint): string[] {
  const { stopped, exit_code } = summary;
  if (stopped === null) return [];
  const hint = stopped.hint === null ? '' : `${sanitise(stopped.hint)} `;
  return [
    paint.bad(`stopped: ${sanitise(stopped.message)}`),
    `${hint}(exit code ${exit_code})`,
    ...missingLines(summary),
  ];
}
