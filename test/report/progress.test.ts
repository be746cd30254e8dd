import { expect, test } from 'vitest';
import type { ImportEvent } from '../../src/report/events.js';
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

test('follows an upload with its share, its requests in flight and what it waits for', () => {
  const output = new RecordingOutput({ interactive: true, width: 200 });
  const { time, handle } = progressOn(output);
  handle({ kind: 'upload-started', endpoint: 'https://example.org', spans: 1000 });
  handle({ kind: 'batch-started', spans: 250, bytes: 500_000, inFlight: 1 });
  handle({ kind: 'batch-started', spans: 250, bytes: 500_000, inFlight: 2 });
  time.tick(1000);
  const settled = { spans: 250, bytes: 500_000, ingested: 250, settledSpans: 250, totalSpans: 1000 };
  handle({ kind: 'batch-settled', ...settled });
  handle({ kind: 'waiting', milliseconds: 3000, reason: '429\u001b' });
  time.tick(1000);
  expect(output.statuses.at(-1)).toBe(
    'uploading  250 of 1,000 spans (25 %) · 1 request in flight · 250.0 kB/s · about 6.0 s left · ' +
      'waiting 2.0 s: 429\\u{1b}',
  );
  time.tick(2000);
  expect(output.statuses.at(-1)).not.toContain('429');
});

test('a line never reaches the last column', () => {
  const output = new RecordingOutput({ interactive: true, width: 20 });
  const { time, handle } = progressOn(output);
  handle(rowsRead(1_000_000, 1e9));
  time.tick(100);
  expect(output.statuses[0]).toHaveLength(19);
});

test('writes plain lines every ten seconds where nothing can be repainted', () => {
  const output = new RecordingOutput({ ascii: true });
  const { time, handle } = progressOn(output);
  handle(rowsRead(10, 1000));
  expect(time.period).toBe(10_000);
  time.tick(10_000);
  expect(output.errorLines).toEqual(['reading  10 rows - 1.0 kB - 100 B/s']);
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
