import type { KnownDestination, KnownRun } from '../../ledger/survey.js';
import { formatBytes, formatCount, formatThings } from '../figures.js';
import { sanitise, toAscii, type Paint } from '../terminal.js';
import { resumeCommand } from './resume-command.js';

interface StatusTextOptions {
  paint: Paint;
  ascii: boolean;
}

/** What the ledger holds, for people: a block a destination, its runs below it. */
export function renderStatus(
  stateFolder: string,
  destinations: readonly KnownDestination[],
  { paint, ascii }: StatusTextOptions,
): string {
  const blocks = [
    [`state    ${sanitise(stateFolder)}`],
    ...destinations.map((destination) => destinationLines(destination, paint)),
    ...(destinations.length === 0 ? [['nothing was imported from here yet']] : []),
  ];
  const text = blocks.map((lines) => lines.map((line) => `${line}\n`).join('')).join('\n');
  return ascii ? toAscii(text) : text;
}

function destinationLines({ id, runs }: KnownDestination, paint: Paint): string[] {
  const last = runs.at(-1)?.facts;
  const name = last?.destination ?? null;
  const project = last?.project === undefined ? '' : ` · project ${sanitise(last.project)}`;
  const key = name === null ? ` · key ${sanitise(last?.key ?? '')}…` : ` · ${sanitise(name)}`;
  return [
    `${paint.strong(sanitise(last?.endpoint ?? ''))}${project}${key}`,
    paint.faint(`  ${sanitise(id)}`),
    `  ${[formatThings(runs.length, 'run'), heldOf(runs)].join(' · ')}`,
    ...runs.flatMap((run) => ['', ...runLines(run, paint)]),
  ];
}

/** Spans, traces and bytes of some runs; a trace that several runs sent is counted by each. */
export function heldOf(runs: readonly KnownRun[]): string {
  const sum = (of: (run: KnownRun) => number): number => runs.reduce((total, run) => total + of(run), 0);
  return [
    formatThings(
      sum(({ spans }) => spans),
      'span',
    ),
    formatThings(
      sum(({ traces }) => traces),
      'trace',
    ),
    formatBytes(sum(({ bytes }) => bytes)),
  ].join(' · ');
}

function runLines(run: KnownRun, paint: Paint): string[] {
  const { facts, state, spans, records, traces, bytes } = run;
  const shown = {
    running: paint.caution('running'),
    unfinished: paint.bad('unfinished'),
    continued: paint.faint('continued'),
    finished: paint.good('finished'),
  };
  const held = [
    `${formatCount(spans)} of ${formatThings(facts.toSend, 'span')}`,
    formatThings(traces, 'trace'),
    formatThings(records, 'record'),
    formatBytes(bytes),
  ];
  return [
    `  ${sanitise(facts.name)}  ${shown[state]}`,
    `    ${held.join(' · ')}`,
    `    ${timesOf(run)}`,
    `    ${inputsOf(run)}`,
    ...resumeLines(run),
  ];
}

function timesOf({ facts, state, owner, end }: KnownRun): string {
  const begun = `begun ${timeOf(facts.begun)}`;
  if (owner !== undefined) return `${begun} · process ${owner.pid} on ${sanitise(owner.host)}`;
  if (end === undefined)
    return state === 'finished' ? begun : `${begun} · ended without a word, as by a kill`;
  const parts = [
    `ended ${timeOf(end.at)}${end.stopped === null ? '' : `: ${sanitise(end.stopped)}`}`,
    ...(end.refused > 0 ? [`${formatCount(end.refused)} refused`] : []),
    ...(end.failed > 0 ? [`${formatCount(end.failed)} failed`] : []),
    ...(end.heldBack > 0 ? [`${formatCount(end.heldBack)} held back`] : []),
  ];
  return [begun, ...parts].join(' · ');
}

function timeOf(time: string): string {
  return `${sanitise(time.slice(0, 19).replace('T', ' '))} UTC`;
}

const shownInputs = 3;

function inputsOf({ facts: { inputs, inputCount } }: KnownRun): string {
  const shown = inputs
    .slice(0, shownInputs)
    .map((name) => sanitise(name === '-' ? 'standard input' : name, 100));
  const rest = inputCount - shown.length;
  return [...shown, ...(rest > 0 ? [`${formatCount(rest)} more`] : [])].join(', ');
}

function resumeLines({ facts: { command }, state }: KnownRun): string[] {
  return state === 'unfinished' && command !== null ? [`    resume  ${resumeCommand(command)}`] : [];
}
