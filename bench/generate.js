import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { Random } from './random.js';
import { TextWriter } from './text.js';
import { TraceWriter } from './trace-writer.js';

const tracesOpenAtOnce = 40;
const chunkCharacters = 1_000_000;
const seed = 1;
const authors = ['generate.js', 'random.js', 'text.js', 'trace-writer.js'];

/**
 * @typedef {object} Input
 * @property {string} path
 * @property {number} bytes
 * @property {number} rows
 * @property {number} traces
 */

/**
 * A JSONL file of at least this many bytes (the traces that are open then are still finished). The rows of about forty
 * traces are interleaved. The file is kept under the system's temporary folder and used again.
 *
 * @param {number} bytes
 * @returns {Promise<Input>}
 */
export async function inputOfSize(bytes) {
  const folder = path.join(os.tmpdir(), 'respan-import-bench');
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, `native-${bytes}-${seed}-${await versionOfAuthors()}.jsonl`);
  const description = `${file}.description.json`;
  try {
    /** @type {Input} */
    const input = JSON.parse(await readFile(description, 'utf8'));
    if ((await stat(input.path)).size === input.bytes) return input;
  } catch {
    // Not there yet, or cleared away in part.
  }
  const input = { ...(await write(`${file}.partial`, bytes)), path: file };
  await rename(`${file}.partial`, file);
  await writeFile(description, JSON.stringify(input));
  return input;
}

/** A changed generator must not find the files of the one before. */
async function versionOfAuthors() {
  const hash = createHash('sha256');
  for (const author of authors) hash.update(await readFile(new URL(author, import.meta.url)));
  return hash.digest('hex').slice(0, 8);
}

/**
 * @param {string} file
 * @param {number} wanted
 */
async function write(file, wanted) {
  const handle = await open(file, 'w');
  let bytes = 0;
  let rows = 0;
  try {
    const random = new Random(seed);
    const writer = new TraceWriter(random, new TextWriter(random));
    const unfinished = Array.from({ length: tracesOpenAtOnce }, () => writer.outline());
    let traces = unfinished.length;
    let chunk = '';
    while (unfinished.length > 0) {
      const position = random.integer(0, unfinished.length - 1);
      const spans = unfinished[position] ?? [];
      const span = spans.shift();
      if (span !== undefined) {
        chunk += `${writer.row(span)}\n`;
        rows += 1;
      }
      if (spans.length === 0) {
        if (bytes + chunk.length < wanted) {
          unfinished[position] = writer.outline();
          traces += 1;
        } else unfinished.splice(position, 1);
      }
      if (chunk.length > chunkCharacters || unfinished.length === 0) {
        const { bytesWritten } = await handle.write(chunk);
        bytes += bytesWritten;
        chunk = '';
      }
    }
    return { bytes, rows, traces };
  } finally {
    await handle.close();
  }
}
