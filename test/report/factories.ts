import type { InputFile } from '../../src/input/input-file.js';
import type { Problem } from '../../src/input/row.js';
import type { ImportEvent, Place } from '../../src/report/events.js';
import type { Summary } from '../../src/report/summary.js';
import { createPaint, type Output, type TerminalStream } from '../../src/report/terminal.js';

/** The two-span import of the documentation: everything ingested. */
export function createSummary(overrides: Partial<Summary> = {}): Summary {
  return {
    version: 1,
    mode: 'import',
    target: 'respan',
    inputs: [{ name: 'logs.jsonl', format: 'jsonl', compression: 'none', source: 'respan', rows: 2 }],
    rows: {
      read: 2,
      used: 2,
      skipped: 0,
      rejected: 0,
      passed_over: 0,
      merged: 0,
      duplicate: 0,
      conflicting: 0,
      bytes: 1500,
      skipped_by_reason: {},
      rejected_by_code: {},
    },
    spans: {
      planned: 2,
      ingested: 2,
      unconfirmed: 0,
      already_imported: 0,
      refused: 0,
      failed: 0,
      held_back: 0,
      changed: 0,
      possibly_repeated: 0,
    },
    traces: 1,
    regrouped: { joined: 0, begun: 0 },
    parents: { explicit: 1, by_path: 0, by_time: 0, ambiguous: 0, roots: 1, orphans: 0 },
    ambiguous_parents: {},
    time_range: { from: '2025-06-05T10:00:00Z', to: '2026-03-09T11:00:00.5Z' },
    rewritten: null,
    warnings: {},
    notes: {},
    strict: false,
    upload: {
      endpoint: 'https://api.respan.ai/v1/traces/ingest',
      requests: 1,
      bytes: 1400,
      seconds: 0.9,
      wire_bytes: null,
      retries: 0,
    },
    ingested_spans: 2,
    created_traces: 1,
    errors: { count: 0, messages: [] },
    verification: null,
    rejects: null,
    missing: null,
    stopped: null,
    seconds: { plan: 0.1, upload: 0.9 },
    balanced: { rows: true, spans: true },
    exit_code: 0,
    ...overrides,
  };
}

export function createDryRun(overrides: Partial<Summary> = {}): Summary {
  const { spans, upload } = createSummary();
  return createSummary({
    mode: 'dry-run',
    spans: { ...spans, ingested: 0 },
    upload: { ...upload, seconds: 0 },
    ingested_spans: null,
    created_traces: null,
    errors: null,
    ...overrides,
  });
}

export function createInput(overrides: Partial<InputFile> = {}): InputFile {
  return {
    index: 0,
    name: 'logs.jsonl',
    path: '/data/logs.jsonl',
    compression: 'none',
    bytes: 100,
    format: 'jsonl',
    header: undefined,
    rereadable: true,
    empty: false,
    parse: () => undefined,
    rows: () => {
      throw new Error('rows are not read in tests of the report');
    },
    ...overrides,
  };
}

export function createPlace(overrides: Partial<Place> = {}): Place {
  return { input: createInput(), line: 88, offset: 4096, ...overrides };
}

export function createProblem(overrides: Partial<Problem> = {}): Problem {
  return { code: 'bad_time', message: 'can be read two ways', hint: 'say --date-order dmy', ...overrides };
}

export function rejection(
  bytes: string | Buffer,
  overrides: { place?: Place; problem?: Problem } = {},
): ImportEvent {
  return {
    kind: 'row-rejected',
    place: createPlace(),
    bytes: Buffer.from(bytes),
    problem: createProblem(),
    ...overrides,
  };
}

/** A stream that remembers what was written, and fails on demand. */
export class RecordingStream implements TerminalStream {
  text = '';
  isTTY?: boolean | undefined;
  columns?: number | undefined;
  readonly #listeners: ((error: Error) => void)[] = [];

  constructor(terminal?: { columns: number }) {
    this.isTTY = terminal && true;
    this.columns = terminal?.columns;
  }

  write(text: string): void {
    this.text += text;
  }

  on(_event: 'error', listener: (error: Error) => void): void {
    this.#listeners.push(listener);
  }

  fail(code: string): void {
    for (const listener of this.#listeners) listener(Object.assign(new Error(code), { code }));
  }
}

/** An output whose parts are kept apart, without colours. */
export class RecordingOutput implements Output {
  readonly ascii: boolean;
  readonly stdout = { paint: createPaint(false), interactive: false, width: 80, closed: false };
  readonly stderr: Output['stderr'];
  result = '';
  errors = '';
  readonly statuses: string[] = [];

  constructor({ interactive = false, width = 80, ascii = false } = {}) {
    this.ascii = ascii;
    this.stderr = { paint: createPaint(false), interactive, width, closed: false };
  }

  get errorLines(): string[] {
    return this.errors.split('\n').slice(0, -1);
  }

  write(text: string): void {
    this.result += text;
  }

  writeError(text: string): void {
    this.errors += text;
  }

  status(line: string): void {
    this.statuses.push(line);
  }
}
