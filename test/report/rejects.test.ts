import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ImportEvent } from '../../src/report/events.js';
import { createRejects, runDirectory } from '../../src/report/rejects.js';
import { createInput, createPlace, createProblem, rejection } from './factories.js';

let base: string;
beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'rejects-'));
});
afterEach(() => rmSync(base, { recursive: true }));

const directory = () => path.join(base, 'runs', 'one');
const read = (name: string) => readFileSync(path.join(directory(), name), 'utf8');
const reasons = (): unknown[] =>
  read('reasons.jsonl')
    .split('\n')
    .slice(0, -1)
    .map((line): unknown => JSON.parse(line));

function write(events: ImportEvent[]) {
  const rejects = createRejects(directory());
  for (const event of events) rejects.handle(event);
  rejects.close();
  return rejects.files();
}

function row(
  bytes: string | Buffer,
  input: Parameters<typeof createInput>[0],
  problem = createProblem(),
): ImportEvent {
  return rejection(bytes, { place: createPlace({ input: createInput(input) }), problem });
}

function refusal(body: string): ImportEvent {
  const problem = createProblem({ code: 'refused', field: 'log_type' });
  return { kind: 'span-refused', place: createPlace(), body: Buffer.from(body), problem };
}

test('nothing rejected, nothing created', () => {
  const warning = { code: 'naive_time', message: 'm' };
  expect(write([{ kind: 'warning', warning, place: undefined }])).toBeNull();
  expect(readdirSync(base)).toEqual([]);
});

test('a row that cannot be read again leaves its spans, and a reason that says so', () => {
  const files = write([
    { kind: 'span-rejected', place: createPlace(), body: Buffer.from('{"a":\n1}') },
    { kind: 'row-rejected', place: createPlace(), bytes: undefined, problem: createProblem() },
    { kind: 'row-rejected', place: createPlace(), bytes: undefined, problem: createProblem() },
  ]);
  expect(read('spans.jsonl')).toBe('{"a": 1}\n');
  expect(reasons()).toEqual([
    expect.objectContaining({ phase: 'plan', code: 'bad_time', in_rejects: true }),
    expect.objectContaining({ phase: 'plan', in_rejects: true }),
  ]);
  expect(files).toMatchObject({ rows: [], spans: path.join(directory(), 'spans.jsonl') });
});

test('every rejection has a reason with its place', () => {
  write([rejection('{"a":1}'), refusal('{"b":2}')]);
  expect(reasons()).toEqual([
    {
      file: 'logs.jsonl',
      line: 88,
      offset: 4096,
      phase: 'plan',
      code: 'bad_time',
      field: null,
      message: 'can be read two ways',
      hint: 'say --date-order dmy',
      in_rejects: true,
    },
    expect.objectContaining({ phase: 'upload', code: 'refused', field: 'log_type', in_rejects: true }),
  ]);
});

describe('rows', () => {
  test('JSONL rows are written byte for byte, valid or not', () => {
    const bytes = Buffer.from([0x7b, 0xff, 0x00, 0x22]);
    const files = write([rejection(bytes), rejection('{"a": 1 }')]);
    const written = readFileSync(path.join(directory(), 'rejects.jsonl'));
    expect(written.equals(Buffer.concat([bytes, Buffer.from('\n{"a": 1 }\n')]))).toBe(true);
    expect(files).toEqual({
      directory: directory(),
      rows: [path.join(directory(), 'rejects.jsonl')],
      spans: null,
      reasons: path.join(directory(), 'reasons.jsonl'),
    });
  });

  test('the bytes are taken at once, for the buffer is reused', () => {
    const bytes = Buffer.from('{"a":1}');
    const rejects = createRejects(directory());
    rejects.handle({ kind: 'row-rejected', place: createPlace(), bytes, problem: createProblem() });
    bytes.fill('x');
    rejects.close();
    expect(read('rejects.jsonl')).toBe('{"a":1}\n');
  });

  test('elements of JSON arrays make a valid array, and elements that are no JSON a file beside it', () => {
    const json = { format: 'json' as const, name: 'logs.json' };
    write([row('{"a":1}', json), row('{"b":', json), row('[2]', json)]);
    expect(JSON.parse(read('rejects.json'))).toEqual([{ a: 1 }, [2]]);
    expect(read('unreadable.txt')).toBe('{"b":\n');
    expect(reasons()).toHaveLength(3);
  });

  test('CSV rows follow their header, with its line ends, one file per header', () => {
    const windows = { format: 'csv' as const, header: Buffer.from('a,b\r\n') };
    const other = { format: 'csv' as const, header: Buffer.from('x;y') };
    const files = write([row('1,"2\n3"', windows), row('4;5', other), row('6,7', windows)]);
    expect(read('rejects.csv')).toBe('a,b\r\n1,"2\n3"\r\n6,7\r\n');
    expect(read('rejects-2.csv')).toBe('x;y\n4;5\n');
    expect(files?.rows.map((file) => path.basename(file))).toEqual(['rejects.csv', 'rejects-2.csv']);
  });

  test('each format has its own file', () => {
    const files = write([row('{}', {}), row('a\tb', { format: 'tsv', header: Buffer.from('x\ty\n') })]);
    expect(files?.rows.map((file) => path.basename(file))).toEqual(['rejects.jsonl', 'rejects.tsv']);
  });

  test('a row too large to be held is explained, and in no rejects file', () => {
    expect(write([row('{"a":', {}, createProblem({ code: 'row_too_large' }))])?.rows).toEqual([]);
    expect(reasons()).toEqual([expect.objectContaining({ code: 'row_too_large', in_rejects: false })]);
    expect(existsSync(path.join(directory(), 'rejects.jsonl'))).toBe(false);
  });

  test('rows larger than the buffer keep their order', () => {
    const rows = ['"small"', `"${'x'.repeat(200_000)}"`, '"last"', `"${'y'.repeat(65_536)}"`];
    write(rows.map((bytes) => rejection(bytes)));
    expect(read('rejects.jsonl')).toBe(rows.map((bytes) => `${bytes}\n`).join(''));
  });
});

test('refused spans are one JSON object a line, pretty-printed or not', () => {
  write([refusal('{\r\n  "a": "x\\n"\n}'), refusal('{"b":2}')]);
  const lines = read('spans.jsonl').split('\n').slice(0, -1);
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual([{ a: 'x\n' }, { b: 2 }]);
});

test('only the owner can read what is written', () => {
  write([rejection('{}'), refusal('{}')]);
  expect(statSync(directory()).mode & 0o777).toBe(0o700);
  expect(readdirSync(directory()).map((name) => statSync(path.join(directory(), name)).mode & 0o777)).toEqual(
    [0o600, 0o600, 0o600],
  );
});

test('what an earlier run left in the directory is kept', () => {
  write([rejection('"first"')]);
  const files = write([rejection('"second"')]);
  expect([read('rejects.jsonl'), read('rejects-2.jsonl')]).toEqual(['"first"\n', '"second"\n']);
  expect(files?.reasons).toBe(path.join(directory(), 'reasons-2.jsonl'));
});

test('a directory that cannot be written stops the run with a known error', () => {
  writeFileSync(path.join(base, 'runs'), 'a file in the way');
  expect(() => write([rejection('{}')])).toThrow(
    expect.objectContaining({ name: 'ImportError', code: 'rejects_unwritable', exitCode: 3 }),
  );
});

test('the directory of a run is named by its UTC time, and by a number where that is taken', () => {
  const now = new Date('2026-11-20T10:31:07.999Z');
  const first = runDirectory(base, now);
  expect(first).toBe(path.join(base, '2026-11-20T10-31-07'));
  mkdirSync(first);
  mkdirSync(runDirectory(base, now));
  expect(runDirectory(base, now)).toBe(path.join(base, '2026-11-20T10-31-07-3'));
});
