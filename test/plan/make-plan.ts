import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, onTestFinished } from 'vitest';
import { defaultNormaliseOptions, defaultPlanOptions } from '../../src/default-options.js';
import type { PlanOptions } from '../../src/options.js';
import { makePlan, type Plan } from '../../src/plan/plan.js';
import type { ImportEvent, OnEvent, Place } from '../../src/report/events.js';
import { spansByTrace } from '../../src/trace/order.js';

const folder = mkdtempSync(path.join(tmpdir(), 'respan-import-plan-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let written = 0;

/** A path of its own below the folder of these tests, where nothing is yet. */
export function freshPath(name = 'input'): string {
  return path.join(folder, `${written++}-${name}`);
}

export function file(content: string | Buffer, name = 'input'): string {
  const target = freshPath(name);
  writeFileSync(target, content);
  return target;
}

/** Names of what lies in a folder; a folder that was not needed was not created. */
export function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

export function jsonl(rows: readonly unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

function quote(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return `"${text.replaceAll('"', '""')}"`;
}

/** Every cell is quoted; what a row leaves out is an empty cell. */
export function csv(columns: readonly string[], rows: readonly Readonly<Record<string, unknown>>[]): string {
  const lines = rows.map((row) => columns.map((column) => quote(row[column])).join(','));
  return `${[columns.map(quote).join(','), ...lines].join('\n')}\n`;
}

/** A row in the target's own shape that passes as it is. */
export function span(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    trace_unique_id: 'trace-1',
    span_unique_id: 'span-1',
    start_time: '2025-06-05T10:00:00Z',
    timestamp: '2025-06-05T10:00:01Z',
    ...overrides,
  };
}

export function planOptions(files: readonly string[], overrides: Partial<PlanOptions> = {}): PlanOptions {
  return {
    ...defaultPlanOptions(files, freshPath('state')),
    stdin: () => Readable.from([]),
    normalise: defaultNormaliseOptions(Date.UTC(2026, 0, 1) * 1000),
    dryRun: false,
    ...overrides,
  };
}

/** A place as people read it: `file:line:offset`, the file by its position among the inputs. */
export type ToldPlace = string;

function told(place: Place): ToldPlace;
function told(place: Place | undefined): ToldPlace | undefined;
function told(place: Place | undefined): ToldPlace | undefined {
  return place && `${place.input.index}:${place.line}:${place.offset}`;
}

export interface Planned {
  plan: Plan;
  events: ImportEvent[];
  /** Code and place of each rejected row, in order. */
  rejects: [code: string, place: ToldPlace][];
  warnings: [code: string, place: ToldPlace | undefined][];
  notes: [code: string, place: ToldPlace | undefined][];
}

/** Plans; the plan must be closed. The bytes of rejected rows are copied, since they are only lent. */
export async function planOpen(
  files: readonly string[],
  overrides: Partial<PlanOptions> = {},
  watch: OnEvent = () => {},
): Promise<Planned> {
  const events: ImportEvent[] = [];
  const rejects: Planned['rejects'] = [];
  const warnings: Planned['warnings'] = [];
  const notes: Planned['notes'] = [];
  const plan = await makePlan(planOptions(files, overrides), (event) => {
    watch(event);
    if (event.kind === 'span-rejected') {
      events.push({ ...event, body: Buffer.from(event.body) });
      return;
    }
    if (event.kind === 'row-rejected') {
      rejects.push([event.problem.code, told(event.place)]);
      events.push({ ...event, bytes: event.bytes && Buffer.from(event.bytes) });
      return;
    }
    if (event.kind === 'warning') warnings.push([event.warning.code, told(event.place)]);
    if (event.kind === 'note') notes.push([event.note.code, told(event.place)]);
    events.push(event);
  });
  return { plan, events, rejects, warnings, notes };
}

/** Plans, and closes the plan when the test is over. */
export async function planOf(
  files: readonly string[],
  overrides: Partial<PlanOptions> = {},
): Promise<Planned> {
  const planned = await planOpen(files, overrides);
  onTestFinished(() => planned.plan.close());
  return planned;
}

/** The spans of a plan that is no dry run, in the order in which they are sent. */
export function sentSpans({ index, bodies }: Plan): Record<string, unknown>[] {
  return [...spansByTrace(index)].flat().map((number) => {
    const body: Record<string, unknown> = JSON.parse(bodies.read(index.location(number)).toString());
    return body;
  });
}

/** What a dry run must tell like an import: everything but where the bytes are. */
export function outcomeOf({ plan, rejects, warnings, notes }: Planned): unknown {
  const { index, counts, parents, findings, bytes, sourceNames } = plan;
  const spans = [...spansByTrace(index)].map((trace) =>
    trace.map((number) => ({
      key: [index.keyLow(number), index.keyHigh(number)],
      parent: index.parentOf(number),
      length: index.lengthOf(number),
      content: index.contentKey(number),
      times: [index.startOf(number), index.endOf(number)],
      line: index.lineOf(number),
    })),
  );
  const worst = findings.worst();
  return { spans, counts, parents, worst, bytes, sourceNames, rejects, warnings, notes };
}
