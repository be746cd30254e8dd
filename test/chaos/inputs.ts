import { gzipSync } from 'node:zlib';

import { jsonLines } from '../support/native-rows.js';

/** An input in pieces, the later of which may be appended between two runs. */
export interface ChaosInput {
  name: string;
  flags: readonly string[];
  /** Stdin has no file. */
  from: 'file' | 'stdin';
  /** What must be as in an undisturbed import, where flags make the rest follow from when the input grew. */
  same: 'spans' | 'ids' | 'count';
  pieces: readonly Buffer[];
  /** Spans of each number of pieces. */
  spans: readonly number[];
}

const spansPerTrace = 5;

/** A span of a whole trace; its rows differ in how they travel: byte for byte, written anew, twice, beside a `{}`. */
function rowsOfSpan(trace: number, child: number, withParents: boolean): Record<string, unknown>[] {
  const row = {
    trace_unique_id: `trace-${trace}`,
    span_unique_id: `span-${trace}-${child}`,
    ...(withParents ? { span_parent_id: child === 0 ? null : `span-${trace}-0` } : {}),
    span_name: child === 0 ? 'agent.workflow' : `step ${child}`,
    // Children lie in their root and after one another, which is what inference goes by.
    start_time: time(trace, child * 10),
    timestamp: time(trace, child === 0 ? 100 : child * 10 + 5),
    // A null is left out, so that such a row goes through the spool.
    input: (trace + child) % 3 === 0 ? null : `question ${trace}.${child}`,
    metadata: { number: String(trace * spansPerTrace + child) },
  };
  const number = trace * spansPerTrace + child;
  if (number % 97 === 0) return [row, row];
  return number % 101 === 0 ? [row, {}] : [row];
}

function time(trace: number, seconds: number): string {
  return new Date(Date.UTC(2025, 5, 5) + trace * 200_000 + seconds * 1000).toISOString();
}

/** Rows in the target's shape, all traces of a piece interleaved. */
export function nativePiece(firstTrace: number, traces: number, withParents: boolean): Buffer {
  const rows = Array.from({ length: spansPerTrace }, (_, child) =>
    Array.from({ length: traces }, (_each, trace) => rowsOfSpan(firstTrace + trace, child, withParents)),
  );
  return Buffer.from(jsonLines(rows.flat(2)));
}

/** Rows of chats without any id, with a pause of an hour in each: two traces. */
function chatPiece(firstChat: number, chats: number): Buffer {
  const rows = Array.from({ length: spansPerTrace }, (_, turn) =>
    Array.from({ length: chats }, (_each, position) => {
      const chat = firstChat + position;
      const at = Date.UTC(2025, 5, 5) + chat * 1000 + turn * 60_000 + (turn < 3 ? 0 : 3_600_000);
      return {
        chat: `chat-${chat}`,
        prompt: `question ${chat}.${turn}`,
        response: `answer ${chat}.${turn}`,
        timestamp: new Date(at).toISOString(),
        latency_ms: 500,
      };
    }),
  );
  return Buffer.from(jsonLines(rows.flat()));
}

const native = (first: number, traces: number): Buffer => nativePiece(first, traces, true);
const flat = (first: number, traces: number): Buffer => nativePiece(first, traces, false);
const zipped = (first: number, traces: number): Buffer => gzipSync(native(first, traces));

/** One piece of valid spans in the target's shape. */
export function nativeInput(spans: number): ChaosInput {
  return inPieces('native rows', [], spans, 1, native);
}

/** All kinds of input that the suite knows, each of some `spans` spans in three pieces. */
export function everyInput(spans: number): ChaosInput[] {
  const make = (name: string, flags: readonly string[], piece: typeof native): ChaosInput =>
    inPieces(name, flags, spans, 3, piece);
  const byTime = ['--shift-time-to', '2026-01-01T00:00:00Z', '--orphans', 'root'];
  const byChance = ['--remap-ids', '--shift-time-to', 'now'];
  return [
    make('native rows', [], native),
    make('gzip', [], zipped),
    { ...make('standard input', [], native), from: 'stdin' },
    { ...make('gzip by standard input', [], zipped), from: 'stdin' },
    make('rows without parents', ['--infer-parents', 'auto'], flat),
    make('remapped ids', ['--remap-ids=chaos'], native),
    { ...make('shifted to a time', byTime, native), same: 'ids' },
    { ...make('ids and times by chance', byChance, native), same: 'count' },
    make('chats cut at pauses', ['--trace-by', 'chat', '--trace-gap', '30m'], chatPiece),
  ];
}

function inPieces(
  name: string,
  flags: readonly string[],
  spans: number,
  count: number,
  piece: (first: number, traces: number) => Buffer,
): ChaosInput {
  const traces = Math.floor(spans / spansPerTrace / count);
  return {
    name,
    flags,
    from: 'file',
    same: 'spans',
    pieces: Array.from({ length: count }, (_, number) => piece(number * traces, traces)),
    spans: Array.from({ length: count }, (_, number) => (number + 1) * traces * spansPerTrace),
  };
}
