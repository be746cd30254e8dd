import type { TraceIndex } from '../trace/trace-index.js';
import { LedgerFiles } from './ledger-files.js';
import { entryBytes, readRecords } from './record.js';
import { isMissing, ledgerError } from './unusable.js';

/** A compaction takes segments away at most this often while they are read. */
const mostReadings = 10;

/** Marks what earlier runs delivered. The latest record of a span counts. Reads as a stream, and writes nothing. */
export async function markImported(folder: string, index: TraceIndex): Promise<void> {
  const files = new LedgerFiles(folder);
  for (let reading = 1; ; reading++) {
    try {
      for (const id of files.ids('segment')) await markSegment(files.path('segment', id), index);
      return;
    } catch (error) {
      // What a compaction took away stands in a later segment by now: once more from the start.
      if (!isMissing(error) || reading === mostReadings) throw ledgerError(folder, error);
    }
  }
}

async function markSegment(segment: string, index: TraceIndex): Promise<void> {
  for await (const { record } of readRecords(segment)) {
    if (record.kind !== 'acknowledged') continue;
    const { keys } = record;
    for (let at = 0; at < keys.length; at += entryBytes) {
      const span = index.findKey(keys.readUInt32LE(at), keys.readUInt32LE(at + 4));
      if (span < 0) continue;
      const content = index.contentKey(span);
      const same =
        content.checksum === keys.readUInt32LE(at + 8) && content.length === keys.readUInt32LE(at + 12);
      index.setImported(span, same ? 'same' : 'changed');
    }
  }
}
