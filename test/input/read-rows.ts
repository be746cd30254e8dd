import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll } from 'vitest';
import { defaultInputOptions, type InputFile, type InputOptions } from '../../src/input/input-file.js';
import { openInputs } from '../../src/input/open-inputs.js';

const folder = mkdtempSync(join(tmpdir(), 'respan-import-input-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let written = 0;

/** Writes a file of its own, and gives its path. */
export function file(content: string | Buffer, name = `input-${written++}`): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

export function temporaryFolder(): string {
  return mkdtempSync(join(folder, 'folder-'));
}

export const noStdin = (): NodeJS.ReadableStream => {
  throw new Error('stdin was opened');
};

export async function openOne(
  name: string,
  overrides: Partial<InputOptions> = {},
  blockBytes?: number,
): Promise<InputFile> {
  const [input] = await openInputs([name], { ...defaultInputOptions, ...overrides }, noStdin, blockBytes);
  if (input === undefined) throw new Error('no input');
  return input;
}

export async function openStdin(
  chunks: readonly Buffer[],
  overrides: Partial<InputOptions> = {},
  blockBytes?: number,
): Promise<InputFile> {
  const stream = () => Readable.from(chunks, { objectMode: true });
  const [input] = await openInputs(['-'], { ...defaultInputOptions, ...overrides }, stream, blockBytes);
  if (input === undefined) throw new Error('no input');
  return input;
}

/** A row copied out of its batch. */
export interface ReadRow {
  line: number;
  offset: number;
  bytes: string;
  value: unknown;
  code: string | undefined;
  hint?: string | undefined;
}

/** Of a row that is too large, only some bytes are at hand, and how many depends on the block. */
export function comparable(row: ReadRow): Partial<ReadRow> {
  return row.code === 'row_too_large' ? { line: row.line, offset: row.offset, code: row.code } : row;
}

export async function readRows(
  input: InputFile,
): Promise<{ rows: ReadRow[]; warnings: string[]; consumed: number }> {
  const rows: ReadRow[] = [];
  const warnings: string[] = [];
  let consumed = 0;
  for await (const batch of input.rows()) {
    consumed = batch.consumed;
    warnings.push(...batch.warnings.map(({ code }) => code));
    for (const { line, offset, start, end, value, problem } of batch.rows) {
      rows.push({
        line,
        offset,
        bytes: batch.block.toString('utf8', start, end),
        value,
        code: problem?.code,
        ...(problem === undefined ? {} : { hint: problem.hint }),
      });
    }
  }
  return { rows, warnings, consumed };
}

export async function readText(content: string | Buffer, overrides: Partial<InputOptions> = {}) {
  const input = await openOne(file(content), overrides);
  return { input, ...(await readRows(input)) };
}

/** What the tests of one row's fate compare: its value, or the code of its problem. */
export function outcomes(rows: readonly ReadRow[]): unknown[] {
  return rows.map(({ value, code }) => code ?? value);
}

/** Cuts bytes at the given places, taken modulo what is left. */
export function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (let index = 0; at < bytes.length; index++) {
    const size = sizes[index % sizes.length] ?? bytes.length;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}
