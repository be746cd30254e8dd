import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { isRunning } from '../running-process.js';

const namePrefix = 'respan-import-sandbox-';
const folderName = new RegExp(`^${namePrefix}(\\d+)-[A-Za-z0-9]{6}$`);

/**
 * A temporary folder for the state of a run with `--sandbox`, which removes it at its end. What a killed one left is
 * removed here: the name tells its process.
 */
export function createSandboxFolder(): string {
  const parent = os.tmpdir();
  for (const name of readdirSync(parent)) {
    const owner = folderName.exec(name)?.[1];
    if (owner !== undefined && !isRunning(Number(owner))) removeLeft(path.join(parent, name));
  }
  return mkdtempSync(path.join(parent, `${namePrefix}${process.pid}-`));
}

function removeLeft(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Another user's.
  }
}
