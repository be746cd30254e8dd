import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';

import type { LedgerFiles } from './ledger-files.js';
import { findOutdated } from './outdated.js';
import { rewriteSegments } from './rewrite-segments.js';
import { syncFolder } from './sync-folder.js';

const freshSuffix = '.fresh';

export interface Compaction {
  /** Segments from which on they are made one. */
  grownFrom: number;
  /** Spans whose keys are held at once: a million take about 30 MB. Beyond, the segments are read several times. */
  entriesPerPass: number;
  /** Called before each change on the disk. */
  beforeStep: () => void;
}

const usual: Compaction = { grownFrom: 16, entriesPerPass: 1_000_000, beforeStep: () => {} };

/**
 * Makes one segment of many where there are too many. To be called while no other process begins a run. Leaves alone
 * what a living run writes; where there is no space, all stays as it was.
 */
export async function compactWhereGrown(
  files: LedgerFiles,
  living: readonly string[],
  overrides: Partial<Compaction> = {},
): Promise<void> {
  const how = { ...usual, ...overrides };
  removeFresh(files.folder);
  const ids = endedIds(files, living);
  if (ids.length < how.grownFrom) return;
  const chosen = lightest(ids, (id) => statSync(files.path('segment', id)).size);
  try {
    await compact(files, chosen, how);
  } catch (error) {
    // The ledger is as good as it was, and whether it can be written at all is found out next.
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}

/** The segments before the first one that a living run writes: so their order among all others stays. */
function endedIds(files: LedgerFiles, living: readonly string[]): string[] {
  const ids = files.ids('segment');
  const end = ids.findIndex((id) => living.includes(id));
  return end < 0 ? ids : ids.slice(0, end);
}

/** The latest ones, without those before them that outweigh all of these: they are not copied time and again. */
export function lightest(ids: readonly string[], sizeOf: (id: string) => number): string[] {
  let first = ids.length;
  let bytes = 0;
  while (first > 0) {
    const size = sizeOf(ids[first - 1]!);
    if (ids.length - first >= 2 && size > 2 * bytes) break;
    bytes += size;
    first -= 1;
  }
  return ids.slice(first);
}

/**
 * Puts what is left of all segments in the place of the last one, then removes the others. A crash in between leaves
 * some of the others, whose records are outdated by the same ones in the new segment.
 */
async function compact(files: LedgerFiles, ids: readonly string[], how: Compaction): Promise<void> {
  const segments = ids.map((id) => files.path('segment', id));
  const outdated = await findOutdated(segments, how.entriesPerPass);
  const last = segments.at(-1)!;
  how.beforeStep();
  await rewriteSegments(
    segments,
    last + freshSuffix,
    (position) => !outdated.has(position),
    () => true,
  );
  how.beforeStep();
  renameSync(last + freshSuffix, last);
  syncFolder(files.folder);
  for (const segment of segments.slice(0, -1)) {
    how.beforeStep();
    rmSync(segment);
  }
  how.beforeStep();
}

/** What a compaction left that did not end. */
function removeFresh(folder: string): void {
  for (const name of readdirSync(folder))
    if (name.endsWith(freshSuffix)) rmSync(path.join(folder, name), { force: true });
}

/** Takes runs out of a segment. To be called as `compactWhereGrown` is. */
export async function removeRuns(
  files: LedgerFiles,
  id: string,
  keepRun: (name: string) => boolean,
): Promise<void> {
  const segment = files.path('segment', id);
  await rewriteSegments([segment], segment + freshSuffix, () => true, keepRun);
  renameSync(segment + freshSuffix, segment);
  syncFolder(files.folder);
}
