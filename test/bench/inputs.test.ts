import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { inputOfSize } from '../../bench/data/inputs.js';
import { kinds, type Kind } from '../../bench/data/kinds.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'respan-import-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function generate(kind: Kind) {
  const input = await inputOfSize(kind, 300_000, folder);
  return { input, text: await readFile(input.path, 'utf8') };
}

const lines = (text: string) => text.trimEnd().split('\n');

test.each([kinds.native, kinds.small, kinds.flat])('writes a row of $name on every line', async (kind) => {
  const { input, text } = await generate(kind);
  expect(input.bytes).toBe(Buffer.byteLength(text));
  expect(lines(text)).toHaveLength(input.rows);
  expect(input.records).toBe(input.rows);
  for (const line of lines(text)) expect(JSON.parse(line)).toBeTypeOf('object');
});

test('interleaves the traces', async () => {
  const { input, text } = await generate(kinds.native);
  const traces = lines(text).map((line): unknown => JSON.parse(line).trace_unique_id);
  expect(new Set(traces).size).toBe(input.traces);
  const changes = traces.filter((trace, row) => trace !== traces[row - 1]).length;
  expect(changes).toBeGreaterThan(input.rows / 2);
});

test('writes CSV that holds the values of the JSONL under the same names', async () => {
  const { input, text } = await generate(kinds.csv);
  const records: Record<string, string>[] = parse(text, { columns: true });
  expect(records).toHaveLength(input.rows);
  const flat = await generate(kinds.flat);
  const [first = ''] = lines(flat.text);
  const row: Record<string, unknown> = JSON.parse(first);
  expect(Object.keys(records[0] ?? {})).toEqual(Object.keys(row));
  expect(records[0]?.['request_id']).toBe(row['request_id']);
});

test('writes an array and a wrapper of the rows of the JSONL', async () => {
  const array: unknown[] = JSON.parse((await generate(kinds.array)).text);
  const wrapper = await generate(kinds.wrapper);
  expect(array[0]).toEqual(JSON.parse(lines((await generate(kinds.native)).text)[0] ?? ''));
  expect(JSON.parse(wrapper.text).data).toHaveLength(wrapper.input.rows);
});

test('writes exports of OTLP, many spans on a line', async () => {
  const { input, text } = await generate(kinds.otlp);
  const spans = lines(text).map((line): unknown[] => JSON.parse(line).resourceSpans[0].scopeSpans[0].spans);
  expect(spans).toHaveLength(input.records);
  expect(spans.flat()).toHaveLength(input.rows);
});

test('packs the rows of the JSONL, and tells both sizes', async () => {
  const { input } = await generate(kinds.packed);
  const packed = await readFile(input.path);
  expect(packed.length).toBe(input.size);
  const { text } = await generate(kinds.native);
  expect(gunzipSync(packed).toString()).toBe(text);
  expect(input.bytes).toBe(Buffer.byteLength(text));
});

test('finds a file again, and writes the same one twice', async () => {
  const { input, text } = await generate(kinds.small);
  expect(await inputOfSize(kinds.small, 300_000, folder)).toEqual(input);
  await rm(input.path);
  expect((await generate(kinds.small)).text).toBe(text);
});
