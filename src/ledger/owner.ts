import { readFileSync, readlinkSync, statSync, utimesSync } from 'node:fs';
import os from 'node:os';

import type { Clock } from '../clock.js';
import { isRunning } from '../running-process.js';

/** A process that holds something in the ledger. */
export interface Owner {
  pid: number;
  host: string;
  /** Boot and namespace in which the number of the process counts; empty where the system does not tell. */
  system: string;
  /** When the process was started, in the system's own unit; empty where it does not tell. Numbers are used again. */
  begun: string;
  /** RFC 3339. */
  since: string;
}

/** An owner shows that it lives by touching its file. */
const beatInterval = 1000;
/** As long as a file may lie untouched before its owner counts as dead, where that cannot be asked. */
const watchFor = 15_000;
const watchInterval = 250;
/** So long untouched that nobody needs to watch: longer than clocks of two machines differ. */
const longDead = 5 * 60_000;

export function thisProcess(clock: Clock): Owner {
  return {
    pid: process.pid,
    host: os.hostname(),
    system: systemOf(),
    begun: begunOf(process.pid),
    since: new Date(clock.now()).toISOString(),
  };
}

/** Touches the file until it is told to stop. */
export function beat(file: string): () => void {
  const timer = setInterval(() => {
    try {
      const now = new Date();
      utimesSync(file, now, now);
    } catch {
      // Who removes the file means us to be dead; what is sent is in the ledger all the same.
    }
  }, beatInterval).unref();
  return () => clearInterval(timer);
}

/** The owner that the file names; undefined where it is gone, or not yet written. */
export function readOwner(file: string): Owner | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const { pid, host, system, begun, since }: Partial<Record<string, unknown>> = Object(value);
    if (typeof pid !== 'number' || typeof host !== 'string') return undefined;
    return { pid, host, system: String(system), begun: String(begun), since: String(since) };
  } catch {
    return undefined;
  }
}

/**
 * Whether the owner of the file lives. The system knows its own processes; one of another machine, container or boot
 * lives as long as it touches the file, which is watched for some seconds where it was touched lately.
 */
export async function isAlive(file: string, clock: Clock, signal: AbortSignal): Promise<boolean> {
  const owner = readOwner(file);
  if (owner !== undefined && owner.host === os.hostname() && owner.system === systemOf()) {
    if (!isRunning(owner.pid)) return false;
    const begun = begunOf(owner.pid);
    if (begun !== '' && owner.begun !== '') return begun === owner.begun;
  }
  return isTouched(file, clock, signal);
}

async function isTouched(file: string, clock: Clock, signal: AbortSignal): Promise<boolean> {
  const first = touchedAt(file);
  if (first === undefined || clock.now() - first > longDead) return false;
  const until = clock.now() + watchFor;
  while (clock.now() < until && !signal.aborted) {
    await clock.sleep(watchInterval, signal);
    const now = touchedAt(file);
    if (now === undefined) return false;
    if (now !== first) return true;
  }
  return signal.aborted;
}

function touchedAt(file: string): number | undefined {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return undefined;
  }
}

/** Linux tells both; proc(5). */
function systemOf(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return '';
  }
}

/** The 22nd field of proc_pid_stat(5). The name of the program, before it, may hold spaces and brackets. */
function begunOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
