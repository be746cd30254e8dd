import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

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
    if (owner !== undefined && !isAlive(Number(owner))) removeLeft(path.join(parent, name));
  }
  return mkdtempSync(path.join(parent, `${namePrefix}${process.pid}-`));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

function removeLeft(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Another user's.
  }
}
