import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';

import { encodeRecord, entryBytes, readRecords, type LedgerRecord } from './record.js';

/** Spans in one line, or trace ids. */
const entriesPerLine = 4096;

/**
 * Writes what is left of records into a new file, long lines instead of short ones. It is on the disk when this
 * resolves; where that fails, nothing is left of it.
 *
 * @param keep whether an entry stays, by its position among the entries of all segments
 * @param keepRun whether anything of a run stays, by its name
 */
export async function rewriteSegments(
  segments: readonly string[],
  fresh: string,
  keep: (position: number) => boolean,
  keepRun: (name: string) => boolean,
): Promise<void> {
  const descriptor = openSync(fresh, 'wx', 0o600);
  try {
    for await (const line of linesOf(segments, keep, keepRun)) {
      const bytes = Buffer.from(line);
      for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
    }
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

async function* linesOf(
  segments: readonly string[],
  keep: (position: number) => boolean,
  keepRun: (name: string) => boolean,
): AsyncGenerator<string> {
  const line = new WaitingLine();
  let position = 0;
  let isKept = true;
  for (const segment of segments) {
    for await (const { record } of readRecords(segment)) {
      if (record.kind === 'acknowledged') {
        if (isKept) line.add(record, (entry) => keep(position + entry));
        position += record.keys.length / entryBytes;
        if (line.isFull) yield* line.flush();
        continue;
      }
      yield* line.flush();
      if (record.kind === 'run') isKept = keepRun(record.run.name);
      if (isKept) yield encodeRecord(record);
    }
    yield* line.flush();
  }
}

/** Acknowledgements of one run that have not been written yet. */
class WaitingLine {
  private parts: Buffer[] = [];
  private traceIds: string[] = [];
  private bytes = 0;

  get isFull(): boolean {
    return this.bytes >= entriesPerLine * entryBytes || this.traceIds.length >= entriesPerLine;
  }

  add(
    { keys, traceIds }: Extract<LedgerRecord, { kind: 'acknowledged' }>,
    keep: (entry: number) => boolean,
  ): void {
    const kept = Buffer.allocUnsafe(keys.length);
    let filled = 0;
    for (let at = 0; at < keys.length; at += entryBytes) {
      if (keep(at / entryBytes)) filled += keys.copy(kept, filled, at, at + entryBytes);
    }
    this.parts.push(kept.subarray(0, filled));
    this.bytes += filled;
    for (const traceId of traceIds) if (this.traceIds.at(-1) !== traceId) this.traceIds.push(traceId);
  }

  /** Trace ids stay although a later run sent all of their spans again: they are in the destination. */
  *flush(): Generator<string> {
    const keys = Buffer.concat(this.parts);
    const { traceIds } = this;
    this.parts = [];
    this.traceIds = [];
    this.bytes = 0;
    if (keys.length > 0 || traceIds.length > 0) yield encodeRecord({ kind: 'acknowledged', keys, traceIds });
  }
}
