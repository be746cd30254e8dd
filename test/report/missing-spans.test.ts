import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, test } from 'vitest';

import type { MissingSpan } from '../../src/report/events.js';
import { createMissingSpans } from '../../src/report/missing-spans.js';
import { temporaryFolder } from '../support/command.js';
import { createInput } from './factories.js';

const [first, second] = [createInput({ name: 'a.jsonl' }), createInput({ name: 'b\u202e.jsonl' })];

const heldBack = (line: number, input = first): MissingSpan => ({
  fate: 'held_back',
  place: { input, line, offset: line * 100 },
});

const failed = (line: number): MissingSpan => ({
  fate: 'failed',
  place: { input: first, line, offset: line * 100 },
  traceId: 't',
  spanId: `s${line}`,
  mayHaveArrived: true,
});

/** What stands in the file after these spans. */
function recordOf(spans: readonly MissingSpan[]): unknown[] {
  const missing = createMissingSpans(path.join(temporaryFolder(), 'run'));
  for (const span of spans) missing.handle({ kind: 'span-missing', span });
  missing.close();
  const file = missing.file();
  if (file === null) return [];
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line): unknown => JSON.parse(line));
}

describe('the record of missing spans', () => {
  test('names those that were tried by their ids', () => {
    expect(recordOf([failed(3)])).toEqual([
      {
        fate: 'failed',
        file: 'a.jsonl',
        line: 3,
        offset: 300,
        trace_unique_id: 't',
        span_unique_id: 's3',
        may_have_arrived: true,
      },
    ]);
  });

  test('names those that were held back by stretches of lines', () => {
    const spans = [heldBack(2), heldBack(2), heldBack(3), heldBack(5), heldBack(6, second), heldBack(7)];
    expect(recordOf(spans)).toMatchObject([
      { fate: 'held_back', file: 'a.jsonl', line: 2, offset: 200, to_line: 3, spans: 3 },
      { file: 'a.jsonl', line: 5, to_line: 5, spans: 1 },
      { file: second.name, line: 6, to_line: 6, spans: 1 },
      { file: 'a.jsonl', line: 7, to_line: 7, spans: 1 },
    ]);
  });

  test('keeps the order of both', () => {
    const fates = recordOf([heldBack(1), failed(2), heldBack(3), heldBack(4)]);
    expect(fates).toMatchObject([
      { fate: 'held_back', line: 1, to_line: 1 },
      { fate: 'failed', line: 2 },
      { fate: 'held_back', line: 3, to_line: 4 },
    ]);
  });

  test('is private, and safe to look at', () => {
    const missing = createMissingSpans(path.join(temporaryFolder(), 'run'));
    missing.handle({ kind: 'span-missing', span: heldBack(1, second) });
    missing.close();
    missing.close();
    const file = missing.file() ?? '';
    expect(readFileSync(file, 'utf8')).not.toContain('\u202e');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  });

  test('does not exist where nothing is missing', () => {
    const directory = path.join(temporaryFolder(), 'run');
    const missing = createMissingSpans(directory);
    missing.close();
    expect([missing.file(), existsSync(directory)]).toEqual([null, false]);
  });

  test('that cannot be written is told', () => {
    const missing = createMissingSpans('/dev/null/run');
    expect(() => missing.handle({ kind: 'span-missing', span: failed(1) })).toThrow(
      expect.objectContaining({ code: 'rejects_unwritable', exitCode: 3 }),
    );
  });
});
