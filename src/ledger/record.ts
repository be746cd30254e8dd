import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** A span in a record: key (8 bytes), CRC-32 and length of its content, each little-endian. */
export const entryBytes = 16;

/** How a run was started. Holds no key. */
export interface RunCommand {
  args: readonly string[];
  /** Where it was started: relative paths count from here. */
  folder: string;
}

/** What is known of a run when it begins to send. */
export interface RunFacts {
  name: string;
  /** RFC 3339. */
  begun: string;
  endpoint: string;
  /** `--destination-name`. */
  destination: string | null;
  /** See `keyPrint`. */
  key: string;
  /** Where one key opens several. */
  project?: string;
  inputs: readonly string[];
  /** Of these, the first ones are named. */
  inputCount: number;
  command: RunCommand | null;
  planned: number;
  toSend: number;
  /** Unfinished runs all of whose spans are in this one. */
  continues: readonly string[];
}

/** How a run ended. Spans that are neither acknowledged nor refused are offered again by the next run. */
export interface RunEnd {
  /** RFC 3339. */
  at: string;
  /** Code of the reason for which it ended early. */
  stopped: string | null;
  refused: number;
  failed: number;
  heldBack: number;
}

/**
 * A line of a segment. A segment begins with its run, one that was compacted holds several runs one after another:
 * what follows a `run` is of this run.
 */
export type LedgerRecord =
  | { kind: 'run'; run: RunFacts }
  /** Spans that the server acknowledged together, and the ids of their traces as they were sent. */
  | { kind: 'acknowledged'; keys: Buffer; traceIds: readonly string[] }
  /** The first spans that it did not deliver, or cannot know to be delivered. */
  | { kind: 'end'; end: RunEnd };

/** A record as a line, with its line break. */
export function encodeRecord(record: LedgerRecord): string {
  if (record.kind === 'run') return `${JSON.stringify({ run: record.run })}\n`;
  if (record.kind === 'end') return `${JSON.stringify({ end: record.end })}\n`;
  const { keys, traceIds } = record;
  return `{"spans":${keys.length / entryBytes},"keys":"${keys.toString('base64')}","traces":${JSON.stringify(traceIds)}}\n`;
}

/** A record, and the bytes that its line takes. Lines that a crash cut short and lines of anything else are left out. */
export async function* readRecords(segment: string): AsyncGenerator<{ record: LedgerRecord; bytes: number }> {
  const lines = createInterface({ input: createReadStream(segment), crlfDelay: Infinity });
  for await (const line of lines) {
    const record = decodeRecord(line);
    if (record !== undefined) yield { record, bytes: Buffer.byteLength(line) + 1 };
  }
}

type Fields = Partial<Record<string, unknown>>;

function decodeRecord(line: string): LedgerRecord | undefined {
  let fields: Fields;
  try {
    const value: unknown = JSON.parse(line);
    fields = Object(value);
  } catch {
    return undefined;
  }
  const { keys, traces, run, end } = fields;
  if (typeof keys === 'string') {
    const entries = Buffer.from(keys, 'base64');
    const whole = entries.subarray(0, entries.length - (entries.length % entryBytes));
    return { kind: 'acknowledged', keys: whole, traceIds: textsOf(traces) };
  }
  if (typeof run === 'object' && run !== null) return { kind: 'run', run: decodeRun(Object(run)) };
  if (typeof end === 'object' && end !== null) return { kind: 'end', end: decodeEnd(Object(end)) };
  return undefined;
}

function decodeRun(fields: Fields): RunFacts {
  const { destination, command, project } = fields;
  return {
    name: textOf(fields['name']),
    begun: textOf(fields['begun']),
    endpoint: textOf(fields['endpoint']),
    destination: typeof destination === 'string' ? destination : null,
    key: textOf(fields['key']),
    ...(typeof project === 'string' ? { project } : {}),
    inputs: textsOf(fields['inputs']),
    inputCount: countOf(fields['inputCount']),
    command: typeof command === 'object' && command !== null ? decodeCommand(Object(command)) : null,
    planned: countOf(fields['planned']),
    toSend: countOf(fields['toSend']),
    continues: textsOf(fields['continues']),
  };
}

function decodeCommand(fields: Fields): RunCommand {
  return { args: textsOf(fields['args']), folder: textOf(fields['folder']) };
}

function decodeEnd(fields: Fields): RunEnd {
  const { stopped } = fields;
  return {
    at: textOf(fields['at']),
    stopped: typeof stopped === 'string' ? stopped : null,
    refused: countOf(fields['refused']),
    failed: countOf(fields['failed']),
    heldBack: countOf(fields['heldBack']),
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const countOf = (value: unknown): number => (typeof value === 'number' && value >= 0 ? value : 0);
const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
