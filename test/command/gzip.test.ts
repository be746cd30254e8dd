import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from 'vitest';

import { nativeRows } from '../support/native-rows.js';
import { runCommand, runForReport, temporaryFolder } from '../support/command.js';

function inputOf(rows: number): string {
  const file = path.join(temporaryFolder(), 'spans.jsonl');
  writeFileSync(
    file,
    nativeRows(rows)
      .map((row) => `${JSON.stringify(row)}\n`)
      .join(''),
  );
  return file;
}

test('--gzip imports the same spans in fewer bytes', async () => {
  const file = inputOf(2000);
  const plain = await runForReport([file, '--sandbox']);
  const { code, summary } = await runForReport([file, '--sandbox', '--gzip']);
  expect(code).toBe(0);
  expect(summary.spans).toEqual(plain.summary.spans);
  expect(summary.created_traces).toBe(plain.summary.created_traces);
  expect(summary.upload.bytes).toBe(plain.summary.upload.bytes);
  expect(summary.upload.wire_bytes).toBeLessThan(summary.upload.bytes / 3);
});

test('a dry run with --gzip reckons with what compression leaves, within a tenth', async () => {
  const file = inputOf(2000);
  const limited = [file, '--gzip', '--rate-limit', '20kB/s', '--batch-bytes', '20kB'];
  const { summary: sent } = await runForReport([file, '--sandbox', '--gzip', '--batch-bytes', '20kB']);
  const { summary: planned } = await runForReport([...limited, '--dry-run']);
  const { summary: uncompressed } = await runForReport([
    ...limited.filter((flag) => flag !== '--gzip'),
    '--dry-run',
  ]);
  const wire = sent.upload.wire_bytes ?? 0;
  expect(planned.upload.bytes).toBe(uncompressed.upload.bytes);
  expect(Math.abs((planned.upload.wire_bytes ?? 0) - wire)).toBeLessThan(wire / 10);
  expect(planned.upload.seconds).toBeLessThan(uncompressed.upload.seconds / 3);
  expect(uncompressed.upload.wire_bytes).toBeNull();
});

test('the text tells both sizes', async () => {
  const file = inputOf(200);
  const size = /\d \w+ \((about )?[\d.]+ \w+ on the wire\)/;
  expect(size.exec((await runCommand([file, '--sandbox', '--gzip'])).stdout)?.[1]).toBeUndefined();
  expect((await runCommand([file, '--sandbox', '--gzip'])).stdout).toMatch(size);
  expect(size.exec((await runCommand([file, '--dry-run', '--gzip'])).stdout)?.[1]).toBe('about ');
  expect((await runCommand([file, '--sandbox'])).stdout).not.toMatch(size);
});
