import { expect, test } from 'vitest';
import type { ImportEvent } from '../../src/report/events.js';
import { cellsOf } from '../../src/report/cells.js';
import { createProgress, type Ticker } from '../../src/report/progress.js';
import { createSummary, RecordingOutput } from './factories.js';

/** A ticker that stands still until it is told to tick. */
function manualTicker() {
  let now = 0;
  let timer: { milliseconds: number; callback: () => void } | undefined;
  const ticker: Ticker = {
    now: () => now,
    every(milliseconds, callback) {
      timer = { milliseconds, callback };
      return () => {
        timer = undefined;
      };
    },
  };
  return {
    ticker,
    get period() {
      return timer?.milliseconds;
    },
    tick(milliseconds: number) {
      now += milliseconds;
      timer?.callback();
    },
  };
}

function progressOn(output: RecordingOutput) {
  const time = manualTicker();
  const progress = createProgress(output, time.ticker);
  return { time, progress, handle: (event: ImportEvent) => progress.handle(event) };
}

const rowsRead = (rows: number, bytes: number, totalBytes?: number): ImportEvent => ({
  kind: 'rows-read',
  rows,
  bytes,
  totalBytes,
});

test('says nothing before anything was read', () => {
  const output = new RecordingOutput({ interactive: true });
  progressOn(output).time.tick(100);
  expect(output.statuses).toEqual([]);
});

test('repaints a terminal at most ten times a second, however many events there are', () => {
  const output = new RecordingOutput({ interactive: true });
  const { time, handle } = progressOn(output);
  for (let rows = 1; rows <= 1000; rows += 1) handle(rowsRead(rows, rows * 1000, 2_000_000));
  expect(output.statuses).toEqual([]);
  expect(time.period).toBe(100);
  time.tick(100);
  expect(output.statuses).toEqual(['reading  1,000 rows · 1.0 MB of 2.0 MB (50 %) · 10.0 MB/s']);
});

const started = (spans: number): ImportEvent => ({
  kind: 'upload-started',
  endpoint: 'https://example.org',
  spans,
});
const sent = (inFlight: number, concurrency = 4): ImportEvent => ({
  kind: 'batch-started',
  spans: 250,
  bytes: 500_000,
  inFlight,
  concurrency,
});
const settled = (settledSpans: number, totalSpans = 1000): ImportEvent => ({
  kind: 'batch-settled',
  spans: 250,
  bytes: 500_000,
  ingested: 250,
  settledSpans,
  totalSpans,
});
const waiting = (milliseconds: number, asked: boolean, reason = '503'): ImportEvent => ({
  kind: 'waiting',
  milliseconds,
  reason,
  asked,
  attempt: 3,
});

/** A wide terminal on which an upload of 1,000 spans has begun. */
function uploadOn(width = 200) {
  const output = new RecordingOutput({ interactive: true, width });
  const progress = progressOn(output);
  progress.handle(started(1000));
  return { ...progress, line: () => output.statuses.at(-1) ?? '' };
}

test('follows an upload with its share, its rates, its requests and the time left', () => {
  const { time, handle, line } = uploadOn();
  handle(sent(1));
  handle(sent(2));
  time.tick(4000);
  handle(settled(250));
  time.tick(0);
  expect(line()).toBe(
    'uploading  250 of 1,000 spans (25 %) · 63 spans/s · 125.0 kB/s · 1 of 4 requests in flight · about 12 s left',
  );
});

test('tells no time left before it is known, and counts it down after', () => {
  const { time, handle, line } = uploadOn();
  handle(sent(1));
  time.tick(1000);
  handle(settled(10));
  time.tick(0);
  expect(line()).not.toContain('left');
  time.tick(3000);
  handle(settled(400));
  time.tick(0);
  expect(line()).toContain('about 6 s left');
  time.tick(1000);
  expect(line()).toContain('about 5 s left');
  // Nothing has come for longer than everything should have taken: no promise that is broken each second.
  time.tick(20_000);
  expect(line()).toContain('about 27 s left');
});

test('follows a server that slows down: what was settled long ago tells nothing', () => {
  const { time, handle, line } = uploadOn();
  handle(settled(9000, 100_000));
  for (let second = 1; second <= 200; second += 1) {
    time.tick(1000);
    handle(settled(9000 + second * 10, 100_000));
  }
  time.tick(0);
  expect(line()).toContain('10 spans/s');
});

test('tells what it waits for, and puts a wait that the server asks for on the time left', () => {
  const { time, handle, line } = uploadOn();
  handle(sent(1));
  time.tick(4000);
  handle(settled(500));
  handle(sent(1));
  handle(waiting(30_000, true, '429 slow down'));
  time.tick(2000);
  expect(line()).toContain(
    '1 retry · about 32 s left · server asks to wait 30 s (429 slow down) · 28 s to go',
  );
  time.tick(28_000);
  expect(line()).not.toContain('asks');
});

test('tells a backoff with its cause and the try that follows, without control characters', () => {
  const { time, handle, line } = uploadOn();
  handle(sent(1));
  handle(waiting(12_000, false, '503\u001b'));
  time.tick(0);
  expect(line()).toContain('waiting 12 s after 503\\u{1b}, try 3');
  expect(line()).not.toContain('in flight');
  expect(line()).not.toContain('B/s');
  handle(sent(1));
  time.tick(100);
  expect(line()).not.toContain('waiting');
});

function lineOf(width: number): string {
  const { time, handle, line } = uploadOn(width);
  handle(sent(1));
  time.tick(4000);
  handle(settled(250));
  handle(waiting(12_000, false, '503 後で'));
  time.tick(0);
  return line();
}

test('fits every width: less important parts give way first, nothing reaches the last column', () => {
  const widest = lineOf(200);
  expect(widest).toContain('kB/s');
  expect(lineOf(80)).toContain('waiting 12 s');
  expect(lineOf(80)).not.toContain('kB/s');
  for (const width of [200, 120, 80, 60, 40, 20, 10]) expect(cellsOf(lineOf(width))).toBeLessThan(width);
});

test('tells that the trees are checked once all was read', () => {
  const output = new RecordingOutput({ interactive: true });
  const { time, handle } = progressOn(output);
  handle(rowsRead(1000, 2_000_000, 2_000_000));
  time.tick(100);
  expect(output.statuses).toEqual(['checking  1,000 rows · 2.0 MB']);
});

test('writes plain lines where nothing can be repainted: soon the first, then every ten seconds', () => {
  const output = new RecordingOutput({ ascii: true });
  const { time, handle } = progressOn(output);
  const linesAt: number[] = [];
  for (let second = 1; second <= 30; second += 1) {
    handle(rowsRead(second * 10, second * 1000));
    const before = output.errorLines.length;
    time.tick(1000);
    if (output.errorLines.length > before) linesAt.push(second);
  }
  expect(linesAt).toEqual([3, 13, 23]);
  expect(output.errorLines[0]).toBe('reading  30 rows - 3.0 kB - 1.0 kB/s');
  expect(output.statuses).toEqual([]);
});

test('erases its line when the plan is done and at the end, and stops its timer', () => {
  const output = new RecordingOutput({ interactive: true });
  const { time, progress, handle } = progressOn(output);
  handle(rowsRead(10, 1000));
  time.tick(100);
  handle({ kind: 'planned', summary: createSummary() });
  time.tick(100);
  expect(output.statuses).toHaveLength(2);
  expect(output.statuses.at(-1)).toBe('');
  progress.close();
  expect(time.period).toBeUndefined();
  expect(output.statuses.at(-1)).toBe('');
});

test('tells how far the check by the rules of the destination is, once everything was read', () => {
  const output = new RecordingOutput({ interactive: true });
  const { time, handle } = progressOn(output);
  handle(rowsRead(4000, 2_000_000, 2_000_000));
  handle({ kind: 'spans-checked', spans: 1000, totalSpans: 4000 });
  time.tick(100);
  expect(output.statuses).toEqual(['checking  1,000 of 4,000 spans (25 %)']);
});
