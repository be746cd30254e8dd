import { formatBytes, formatCount, formatSeconds, formatThings } from './figures.js';
import { renderFailures, renderStop } from './failures.js';
import type { Counts, Summary } from './summary.js';
import { sanitise, toAscii, type Paint } from './terminal.js';

interface TextOptions {
  paint: Paint;
  ascii: boolean;
  /** Drawn traces, by line. */
  drawings?: readonly string[];
}

/** The result for people. Blocks are separated by an empty line; numbers of a block align. */
export function renderText(summary: Summary, { paint, ascii, drawings = [] }: TextOptions): string {
  const blocks = [
    [...planLines(summary), ...uploadLines(summary)],
    answerLines(summary, paint),
    equationLines(summary, paint),
    verificationLines(summary, paint),
    drawings,
    renderFailures(summary, paint),
    renderStop(summary, paint),
    closingLines(summary),
  ];
  const text = blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => `${line.trimEnd()}\n`).join(''))
    .join('\n');
  return ascii ? toAscii(text) : text;
}

function planLines(summary: Summary): string[] {
  const { rows, spans, traces, parents, warnings, notes, seconds } = summary;
  const size = [formatThings(rows.read, 'row'), formatBytes(rows.bytes), formatSeconds(seconds.plan)].join(
    ' · ',
  );
  const fate = terms([
    [rows.used, 'used', true],
    [rows.skipped, 'skipped'],
    [rows.rejected, 'rejected'],
  ]).join(' · ');
  const details = terms([
    [rows.merged, 'merged'],
    [rows.duplicate, 'duplicate'],
    [rows.conflicting, 'conflicting'],
    [rows.passed_over, 'passed over'],
  ]);
  return [
    `plan     ${size}     ${fate}`,
    `         ${[
      formatThings(spans.planned, 'span'),
      formatThings(traces, 'trace'),
      parentsTerm(parents),
      formatThings(parents.roots, 'root'),
      ...(parents.orphans > 0 ? [formatThings(parents.orphans, 'orphan')] : []),
    ].join(' · ')}`,
    ...(details.length > 0 ? [`         rows: ${details.join(' · ')}`] : []),
    ...countsLine('skipped', rows.skipped_by_reason),
    ...regroupedLine(summary.regrouped),
    ...rewrittenLines(summary.rewritten),
    ...countsLine('warnings', warnings),
    ...countsLine('notes', notes),
  ];
}

/** Nothing inferred is called explicit. */
function parentsTerm({ explicit, by_path: byPath, by_time: byTime, ambiguous }: Summary['parents']): string {
  const doubt = ambiguous > 0 ? ` (${formatCount(ambiguous)} ambiguous)` : '';
  const counts = terms([
    [explicit, 'explicit', true],
    [byPath, 'by path'],
    [byTime + ambiguous, 'by time'],
  ]);
  return `parents: ${counts.join(', ')}${doubt}`;
}

function regroupedLine({ joined, begun }: Summary['regrouped']): string[] {
  const parts = [
    ...(joined > 0 ? [`${formatThings(joined, 'span')} joined by parent id`] : []),
    ...(begun > 0 ? [`${formatThings(begun, 'trace')} began after a pause`] : []),
  ];
  return parts.length > 0 ? [`         traces: ${parts.join(' · ')}`] : [];
}

/** Chance and the clock decide only once: the flags that would do the same again. */
function rewrittenLines(rewritten: Summary['rewritten']): string[] {
  const { remap_ids: seed = null, shift_time_to: end = null } = rewritten ?? {};
  return [
    ...(seed === null ? [] : [`         ids replaced: again with --remap-ids=${sanitise(seed)}`]),
    ...(end === null ? [] : [`         times shifted: again with --shift-time-to ${sanitise(end)}`]),
  ];
}

function countsLine(label: string, counts: Counts): string[] {
  const entries = Object.entries(counts).filter(([, count]) => count > 0);
  if (entries.length === 0) return [];
  return [
    `         ${label}: ${entries.map(([code, count]) => `${sanitise(code)} ${formatCount(count)}`).join(' · ')}`,
  ];
}

function uploadLines(summary: Summary): string[] {
  const { mode, upload, spans } = summary;
  const requests = formatThings(upload.requests, 'request');
  const size = formatBytes(upload.bytes) + sizeOnTheWire(summary);
  if (mode === 'dry-run') {
    const time = upload.seconds > 0 ? `, in about ${formatSeconds(upload.seconds)}` : '';
    const target = upload.endpoint === null ? '' : ` to ${sanitise(upload.endpoint)}`;
    return [`upload   none (dry run); it would send ${requests}, ${size}${time}${target}`];
  }
  if (neverStarted(summary)) return ['upload   none: the run stopped before it'];
  const details = terms([
    [upload.retries, 'retried'],
    spansTerm(spans.changed, 'changed'),
    spansTerm(spans.possibly_repeated, 'possibly repeated'),
  ]);
  const parts = [sanitise(upload.endpoint ?? ''), requests, size, formatSeconds(upload.seconds), ...details];
  return [`upload   ${parts.join(' · ')}`];
}

/** In a dry run by a sample. */
function sizeOnTheWire({ mode, upload }: Summary): string {
  if (upload.wire_bytes === null || upload.wire_bytes === upload.bytes) return '';
  const about = mode === 'dry-run' ? 'about ' : '';
  return ` (${about}${formatBytes(upload.wire_bytes)} on the wire)`;
}

/** What the server said it did. A dry run has no server. */
function answerLines(summary: Summary, paint: Paint): string[] {
  const { mode, ingested_spans, created_traces, errors } = summary;
  if (mode === 'dry-run') return [];
  const reported = (count: number | null) => formatFigure(neverStarted(summary) ? 0 : count);
  const rows: [string, string][] = [
    ['ingested_spans', reported(ingested_spans)],
    ['created_traces', reported(created_traces)],
    ['errors', reported(errors?.count ?? null)],
  ];
  const label = Math.max(...rows.map(([name]) => name.length));
  const figure = Math.max(...rows.map(([, value]) => value.length));
  const lines = rows.map(([name, value]) => `${name.padEnd(label)}   ${value.padStart(figure)}`);
  const messages = errors?.messages ?? [];
  const shown = messages.slice(0, 5).map((message) => `  ${paint.bad(sanitise(message, 300))}`);
  const rest = Math.max(errors?.count ?? 0, messages.length) - shown.length;
  return [...lines, ...shown, ...(shown.length > 0 && rest > 0 ? [`  … and ${formatCount(rest)} more`] : [])];
}

/** Stopped while planning: no server was asked. */
function neverStarted({ mode, upload }: Summary): boolean {
  return mode === 'import' && upload.endpoint === null;
}

function formatFigure(count: number | null): string {
  return count === null ? 'not reported' : formatCount(count);
}

/** Both equations, always. Terms that are zero are left out, unless nothing else would be left. */
function equationLines({ mode, rows, spans, balanced }: Summary, paint: Paint): string[] {
  const rowTerms = terms([
    [rows.used, 'used', true],
    [rows.skipped, 'skipped'],
    [rows.rejected, 'rejected'],
  ]);
  const spanTerms = terms([
    [spans.ingested, 'ingested'],
    [spans.unconfirmed, 'unconfirmed'],
    [spans.already_imported, 'already imported'],
    [spans.refused, 'refused'],
    [spans.failed, 'failed'],
    [spans.held_back, mode === 'dry-run' ? 'to send' : 'held back'],
  ]);
  if (spanTerms.length === 0) spanTerms.push(mode === 'dry-run' ? 'not sent (dry run)' : '0 ingested');
  const width = Math.max(formatCount(rows.read).length, formatCount(spans.planned).length);
  const equation = (label: string, total: number, parts: string[], holds: boolean): string => {
    const line = `${label.padEnd(5)}   ${formatCount(total).padStart(width)} = ${parts.join(' + ')}`;
    return holds ? line : paint.bad(`${line}   DOES NOT BALANCE: this is a bug, please report it`);
  };
  return [
    equation('rows', rows.read, rowTerms, balanced.rows),
    equation('spans', spans.planned, spanTerms, balanced.spans),
  ];
}

/** What was read back; warnings have told of single traces. */
function verificationLines({ verification }: Summary, paint: Paint): string[] {
  if (verification === null) return [];
  const { traces, complete, missing_spans, surplus_spans, unanswered } = verification;
  const faults = terms([
    spansTerm(missing_spans, 'missing'),
    spansTerm(surplus_spans, 'too many'),
    [unanswered, 'not answered'],
  ]);
  const line = `verified ${[`${formatCount(complete)} of ${formatThings(traces, 'trace')} complete`, ...faults].join(' · ')}`;
  return [missing_spans + unanswered > 0 ? paint.bad(line) : line];
}

/** A term of so many spans: `1 span changed`. */
function spansTerm(count: number, fate: string): [count: number, name: string] {
  return [count, `${count === 1 ? 'span' : 'spans'} ${fate}`];
}

/** `[201, 'used']` → `201 used`; zeros only where marked to be kept. */
function terms(parts: [count: number, name: string, keep?: boolean][]): string[] {
  return parts
    .filter(([count, , keep]) => count !== 0 || keep === true)
    .map(([count, name]) => `${formatCount(count)} ${name}`);
}

const whereToLook: Readonly<Record<string, string>> = {
  respan: ' Respan shows the last hour by default: widen its time range.',
};

function closingLines({ mode, target, spans, time_range: range }: Summary): string[] {
  if (mode === 'dry-run' || range === null || spans.ingested + spans.unconfirmed === 0) return [];
  const [from, to] = [sanitise(range.from.slice(0, 10)), sanitise(range.to.slice(0, 10))];
  const when = from === to ? `are of ${from}` : `lie between ${from} and ${to}`;
  return [`The spans of this import ${when}.${whereToLook[target] ?? ''}`];
}
