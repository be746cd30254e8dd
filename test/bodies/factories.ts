import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import { BodyStore } from '../../src/bodies/body-store.js';
import { Spool } from '../../src/bodies/spool.js';
import { defaultInputOptions, type InputFile } from '../../src/input/input-file.js';
import { openInputs } from '../../src/input/open-inputs.js';

const folder = mkdtempSync(path.join(tmpdir(), 'respan-import-bodies-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let written = 0;

/** A path of its own, where nothing is yet. */
export function freshPath(name = 'folder'): string {
  return path.join(folder, `${written++}-${name}`);
}

export function file(content: string | Buffer): string {
  const target = freshPath('input.jsonl');
  writeFileSync(target, content);
  return target;
}

export function open(paths: readonly string[]): Promise<InputFile[]> {
  return openInputs(paths, defaultInputOptions, () => process.stdin);
}

/** A spool in a folder of its own; closed when the test is over. */
export function createSpool(spoolFolder = freshPath()): Spool {
  const spool = new Spool(spoolFolder);
  onTestFinished(() => spool.close());
  return spool;
}

/** A store over inputs of which each reaches to its end; closed when the test is over. */
export async function createStore(
  paths: readonly string[],
  { dryRun = false, spoolFolder = freshPath() } = {},
): Promise<{ store: BodyStore; inputs: InputFile[] }> {
  const inputs = await open(paths);
  const store = new BodyStore(inputs, new Spool(spoolFolder), dryRun);
  onTestFinished(() => store.close());
  return { store, inputs };
}
