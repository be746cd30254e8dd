import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import type { Clock } from '../clock.js';
import { ExitCode, ImportError } from '../errors.js';
import { beat, isAlive, thisProcess } from './owner.js';

const suffix = '.turn';
const released = 'released';
const retryInterval = 50;

/**
 * Does something while no other process does anything like it in the folder: waits for its turn, as long as the one
 * before it lives.
 *
 * A turn is a file with a number, and the highest number has it. It is never removed but by whoever has a higher one,
 * so numbers are not given twice, and of two processes that find the same dead owner only one gets the next number.
 */
export async function exclusively<Result>(
  folder: string,
  clock: Clock,
  signal: AbortSignal,
  action: () => Promise<Result>,
): Promise<Result> {
  const turn = await takeTurn(folder, clock, signal);
  const stopBeating = beat(turn);
  try {
    return await action();
  } finally {
    stopBeating();
    writeFileSync(turn, released, { flag: 'r+' });
  }
}

async function takeTurn(folder: string, clock: Clock, signal: AbortSignal): Promise<string> {
  for (;;) {
    if (signal.aborted) throw interrupted();
    const last = lastTurn(folder);
    if (last > 0 && !(await isOver(fileOf(folder, last), clock, signal))) {
      await clock.sleep(retryInterval, signal);
      continue;
    }
    const mine = fileOf(folder, last + 1);
    if (!create(mine, clock)) continue;
    // Whoever was slow to create its number finds a higher one, and tries again.
    if (lastTurn(folder) === last + 1) {
      for (const turn of turns(folder)) if (turn <= last) rmSync(fileOf(folder, turn), { force: true });
      return mine;
    }
    rmSync(mine, { force: true });
  }
}

/** False where another process was faster. */
function create(file: string, clock: Clock): boolean {
  try {
    writeFileSync(file, JSON.stringify(thisProcess(clock)), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function isOver(file: string, clock: Clock, signal: AbortSignal): Promise<boolean> {
  try {
    if (readFileSync(file, 'utf8').startsWith(released)) return true;
  } catch {
    // Removed: then there is a higher one.
    return false;
  }
  return !(await isAlive(file, clock, signal));
}

function turns(folder: string): number[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(suffix));
  return names.map((name) => Number.parseInt(name, 10) || 0);
}

function lastTurn(folder: string): number {
  return Math.max(0, ...turns(folder));
}

function fileOf(folder: string, turn: number): string {
  return path.join(folder, `${turn}${suffix}`);
}

function interrupted(): ImportError {
  return new ImportError('interrupted while another run was reading the ledger', {
    code: 'interrupted',
    exitCode: ExitCode.interrupted,
    hint: 'run the same command again',
  });
}
