import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';

import type { Clock } from '../../src/clock.js';
import {
  defaultNormaliseOptions,
  defaultPlanOptions,
  defaultUploadOptions,
} from '../../src/default-options.js';
import { dryRun, importFiles } from '../../src/import.js';
import type { PlanOptions, ReadOptions, UploadOptions } from '../../src/options.js';
import type { ImportEvent } from '../../src/report/events.js';
import type { Summary } from '../../src/report/summary.js';
import { respan } from '../../src/targets/respan.js';
import type { Target } from '../../src/targets/target.js';
import {
  ok,
  scriptedServer,
  type Answer,
  type Script,
  type ScriptedServer,
} from '../support/scripted-server.js';

/** Time passes only while somebody sleeps, and then at once. Chance is always in the middle. */
export class TestClock implements Clock {
  time = Date.UTC(2026, 0, 15, 12);
  readonly slept: number[] = [];

  now(): number {
    return this.time;
  }

  random(): number {
    return 0.5;
  }

  async sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    this.slept.push(milliseconds);
    const until = this.time + milliseconds;
    await setImmediate();
    // Sleepers of one moment sleep side by side: their times do not add up.
    this.time = Math.max(this.time, until);
  }
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'upload-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A server that ends with the test. */
export async function serve(script?: Script): Promise<ScriptedServer> {
  const server = await scriptedServer(script);
  onTestFinished(() => server.close());
  return server;
}

/** Takes batches of up to `limit` spans and gives larger ones the answer. */
export function above(limit: number, answer: Answer): Script {
  return ({ spans }) => (spans.length > limit ? answer : ok());
}

export type Row = Record<string, unknown>;

/** A span in the target's own shape, which passes byte for byte; a trace of its own unless `overrides` names one. */
export function row(id: string, overrides: Row = {}): Row {
  return {
    trace_unique_id: `trace-of-${id}`,
    span_unique_id: id,
    span_name: 'answer',
    start_time: '2025-06-05T10:00:00Z',
    timestamp: '2025-06-05T10:00:01Z',
    input: 'question',
    output: 'reply',
    ...overrides,
  };
}

/** `span-001`, `span-002`, … */
export function rows(count: number, overrides: Row = {}): Row[] {
  return Array.from({ length: count }, (_, position) =>
    row(`span-${String(position + 1).padStart(3, '0')}`, overrides),
  );
}

interface Overrides extends Partial<Omit<UploadOptions, 'destination'>> {
  key?: string;
  destinationName?: string;
  planMaxErrors?: PlanOptions['maxErrors'];
  orphans?: PlanOptions['orphans'];
  strict?: boolean;
  files?: readonly string[];
  onEvent?: (event: ImportEvent) => void;
}

export interface Outcome {
  summary: Summary;
  events: ImportEvent[];
}

/** An input file, a ledger and a clock that outlive single runs. */
export class ImportJob {
  readonly folder = temporaryFolder();
  readonly file = path.join(this.folder, 'spans.jsonl');
  readonly stateFolder = path.join(this.folder, 'state');
  readonly clock = new TestClock();
  private runs = 0;

  constructor(
    /** Base URL of the destination. */
    private readonly url: string,
    content: readonly Row[],
  ) {
    this.write(content);
  }

  write(content: readonly Row[], file = this.file): void {
    writeFileSync(file, lines(content));
  }

  append(content: readonly Row[]): void {
    appendFileSync(this.file, lines(content));
  }

  /** Imports, and checks what holds for every run whatever the server did: both equations. */
  async run(overrides: Overrides = {}): Promise<Outcome> {
    const { key, destinationName, planMaxErrors, orphans, strict, files, onEvent, ...upload } = overrides;
    const { target = respan } = upload;
    const account = { baseUrl: this.url, key: key ?? 'key-of-the-test' };
    const usual = defaultUploadOptions(account, this.stateFolder, target);
    const events: ImportEvent[] = [];
    this.runs += 1;
    const summary = await importFiles(
      this.planOptions(strict ?? false, {
        maxErrors: planMaxErrors,
        files: files ?? [this.file],
        orphans: orphans ?? 'keep',
      }),
      {
        ...usual,
        target,
        limits: { spans: 500, bytes: 5 * 1024 * 1024 },
        rateLimits: [],
        destination: { ...usual.destination, name: destinationName },
        timeout: 30_000,
        run: `run-${String(this.runs).padStart(3, '0')}`,
        environment: {},
        clock: this.clock,
        ...upload,
      },
      (event) => {
        events.push(event);
        onEvent?.(event);
      },
    );
    expectBalance(summary);
    return { summary, events };
  }

  /** Plans for the target's usual upload, and sends nothing. */
  dryRun(target: Target = respan, limits = { spans: 500, bytes: 5 * 1024 * 1024 }): Promise<Summary> {
    return dryRun(this.planOptions(false, {}), { target, limits, rateLimits: [] }, undefined, () => {});
  }

  private planOptions(strict: boolean, overrides: Partial<PlanOptions>): ReadOptions {
    const normalise = { ...defaultNormaliseOptions(Date.UTC(2026, 0, 15) * 1000), strict };
    return { ...defaultPlanOptions([this.file], this.folder), normalise, ...overrides };
  }
}

function lines(content: readonly Row[]): string {
  return content.map((one) => `${JSON.stringify(one)}\n`).join('');
}

function expectBalance({ rows: read, spans, balanced }: Summary): void {
  expect(balanced).toEqual({ rows: true, spans: true });
  expect(read.used + read.skipped + read.rejected).toBe(read.read);
  expect(
    spans.ingested +
      spans.unconfirmed +
      spans.already_imported +
      spans.refused +
      spans.failed +
      spans.held_back,
  ).toBe(spans.planned);
}

/** Imports the rows once to a server that plays the script. */
export async function importTo(
  script: Script,
  content: readonly Row[],
  overrides: Overrides = {},
): Promise<Outcome & { server: ScriptedServer; job: ImportJob }> {
  const server = await serve(script);
  const job = new ImportJob(server.url, content);
  return { ...(await job.run(overrides)), server, job };
}

/** Where the planned spans ended up, without the zeros. */
export function fates({ spans }: Summary): Partial<Summary['spans']> {
  return Object.fromEntries(Object.entries(spans).filter(([, count]) => count > 0));
}

/** Ids of the spans of each request, in order of arrival. */
export function sentIds(server: ScriptedServer): unknown[][] {
  return server.requests.map(({ spans }) => spans.map((span) => span['span_unique_id']));
}

export function eventsOf<Kind extends ImportEvent['kind']>(
  events: readonly ImportEvent[],
  kind: Kind,
): Extract<ImportEvent, { kind: Kind }>[] {
  return events.filter((event): event is Extract<ImportEvent, { kind: Kind }> => event.kind === kind);
}
