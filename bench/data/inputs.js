import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

import { Random } from '../random.js';
import { ContentWriter } from './content.js';
import { interleave } from './interleave.js';
import { TextWriter } from './text.js';
import { TraceOutliner } from './trace-outliner.js';

const chunkCharacters = 1_000_000;
const seed = 1;

/**
 * @typedef {object} Input
 * @property {string} path
 * @property {number} bytes Before it is packed.
 * @property {number} size On disk.
 * @property {number} rows Spans in it.
 * @property {number} records What framing finds: lines, records of CSV, elements; one of OTLP holds many spans.
 * @property {number} traces
 */

/**
 * A file of at least this many bytes (the traces that are open then are still finished). The rows of about forty traces
 * are interleaved. The file is kept under the system's temporary folder and used again.
 *
 * @param {import('./kinds.js').Kind} kind
 * @param {number} bytes
 * @param {string} [folder]
 * @returns {Promise<Input>}
 */
export async function inputOfSize(kind, bytes, folder = path.join(os.tmpdir(), 'respan-import-bench')) {
  await mkdir(folder, { recursive: true });
  const name = `${kind.name}-${bytes}-${seed}-${await versionOfGenerator()}.${kind.extension}`;
  const file = path.join(folder, name);
  const description = `${file}.description.json`;
  try {
    /** @type {Input} */
    const input = JSON.parse(await readFile(description, 'utf8'));
    if ((await stat(input.path)).size === input.size) return input;
  } catch {
    // Not there yet, or cleared away in part.
  }
  const partial = `${file}.${process.pid}.partial`;
  try {
    const input = { ...(await write(kind, partial, bytes)), path: file };
    await rename(partial, file);
    await writeFile(description, JSON.stringify(input));
    return input;
  } finally {
    await rm(partial, { force: true });
  }
}

/**
 * Takes a generated file away again, where it is too large to stay.
 *
 * @param {Input} input
 */
export async function removeInput(input) {
  await rm(input.path, { force: true });
  await rm(`${input.path}.description.json`, { force: true });
}

/** A changed generator must not find the files of the one before. */
async function versionOfGenerator() {
  const hash = createHash('sha256').update(await readFile(new URL('../random.js', import.meta.url)));
  const folder = new URL('./', import.meta.url);
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.js'));
  for (const name of files.toSorted()) hash.update(await readFile(new URL(name, folder)));
  return hash.digest('hex').slice(0, 8);
}

/**
 * @param {import('./kinds.js').Kind} kind
 * @param {string} file
 * @param {number} wanted
 * @returns {Promise<Omit<Input, 'path'>>}
 */
async function write(kind, file, wanted) {
  const random = new Random(seed);
  const text = new TextWriter(random);
  const outliner = new TraceOutliner(random, text);
  const content = new ContentWriter(random, text, kind.scale);
  const handle = await open(file, 'w');
  let bytes = 0;
  let size = 0;
  let rows = 0;
  let roots = 0;
  let chunk = '';
  const flush = async () => {
    // A member for each chunk: together they are what one would be.
    const block = Buffer.from(chunk);
    size += (await handle.write(kind.packed === true ? gzipSync(block) : block)).bytesWritten;
    bytes += block.length;
    chunk = '';
  };
  try {
    for (const span of interleave(random, outliner, () => bytes + chunk.length >= wanted)) {
      chunk += kind.before(rows) + kind.row(span, content);
      rows += 1;
      if (span.parent === undefined) roots += 1;
      if (chunk.length > chunkCharacters) await flush();
    }
    chunk += kind.end;
    await flush();
  } finally {
    await handle.close();
  }
  return { bytes, size, rows, records: Math.ceil(rows / (kind.spansPerRecord ?? 1)), traces: roots };
}
