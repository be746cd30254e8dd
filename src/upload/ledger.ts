import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

import { ExitCode, ImportError } from '../errors.js';
import type { TraceIndex } from '../trace/trace-index.js';

/** A span in a record: key (8 bytes), CRC-32 and length of its content, each little-endian. */
const entryBytes = 16;
const syncInterval = 1000;
const suffix = '.ledger.jsonl';

/** What tells one destination from another: spans sent to one are not known to be in the other. */
export interface Destination {
  endpoint: string;
  key: string;
  /** Takes the place of the key, where that is a token which changes with every login. */
  account?: string | undefined;
  /** `--destination-name`: takes the place of both. */
  name: string | undefined;
}

/** The folder of a destination's ledger. The key enters as a hash, so that two projects on one host are told apart. */
export function ledgerFolder(stateFolder: string, destination: Destination): string {
  const identity =
    destination.name ?? `${destination.endpoint}\n${sha256(destination.account ?? destination.key)}`;
  const label = destination.name ?? new URL(destination.endpoint).hostname;
  const readable = label.replaceAll(/[^\w.-]+/g, '_').slice(0, 60);
  return path.join(stateFolder, 'ledger', `${readable}-${sha256(identity).slice(0, 16)}`);
}

/**
 * Remembers on disk what the server acknowledged. A folder a destination, a segment a run, a JSON line a batch:
 * `{"spans":500,"keys":"<base64>"}` with 16 bytes a span. Append-only: a line that a crash cut short is passed over, and
 * its spans are sent again.
 */
export class Ledger {
  private descriptor: number | undefined;
  private empty = true;
  private dirty = false;
  private failure: unknown;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly folder: string,
    private readonly run: string,
  ) {}

  /** Marks what earlier runs delivered. The latest record of a span counts. */
  async markImported(index: TraceIndex): Promise<void> {
    for (const segment of this.segments()) {
      try {
        const lines = createInterface({ input: createReadStream(segment), crlfDelay: Infinity });
        for await (const line of lines) markRecord(index, line);
      } catch (error) {
        throw this.unusable(error);
      }
    }
  }

  /** Creates the run's segment, so that a folder without permission or space is found before anything is sent. */
  open(): void {
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      this.descriptor = openSync(this.segment, 'a', 0o600);
    } catch (error) {
      throw this.unusable(error);
    }
    this.timer = setInterval(() => this.sync(), syncInterval).unref();
  }

  /** Remembers spans that were acknowledged. Returns when the system has the record; it is on disk a second later. */
  append(index: TraceIndex, spans: readonly number[]): void {
    if (spans.length === 0) return;
    const keys = Buffer.allocUnsafe(spans.length * entryBytes);
    spans.forEach((span, position) => {
      const at = position * entryBytes;
      const content = index.contentKey(span);
      keys.writeUInt32LE(index.keyLow(span), at);
      keys.writeUInt32LE(index.keyHigh(span), at + 4);
      keys.writeUInt32LE(content.checksum, at + 8);
      keys.writeUInt32LE(content.length, at + 12);
    });
    this.write(`{"spans":${spans.length},"keys":"${keys.toString('base64')}"}\n`);
  }

  /** A run that delivered nothing leaves no segment. */
  close(): void {
    clearInterval(this.timer);
    if (this.descriptor === undefined) return;
    this.sync();
    closeSync(this.descriptor);
    this.descriptor = undefined;
    if (this.empty) unlinkSync(this.segment);
    if (this.failure !== undefined) throw this.unusable(this.failure);
  }

  private get segment(): string {
    return path.join(this.folder, this.run + suffix);
  }

  private segments(): string[] {
    try {
      const names = readdirSync(this.folder).filter((name) => name.endsWith(suffix));
      return names.sort().map((name) => path.join(this.folder, name));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw this.unusable(error);
    }
  }

  private write(line: string): void {
    if (this.failure !== undefined) throw this.unusable(this.failure);
    if (this.descriptor === undefined) throw new Error('the ledger is not open');
    this.empty = false;
    this.dirty = true;
    try {
      const bytes = Buffer.from(line);
      for (let done = 0; done < bytes.length;) done += writeSync(this.descriptor, bytes, done);
    } catch (error) {
      throw this.unusable(error);
    }
  }

  /** Runs on a timer, where nobody could catch an error: the next record throws it. */
  private sync(): void {
    if (!this.dirty || this.descriptor === undefined) return;
    try {
      fsyncSync(this.descriptor);
      this.dirty = false;
    } catch (error) {
      this.failure = error;
    }
  }

  private unusable(cause: unknown): ImportError {
    return new ImportError(`the ledger in ${this.folder} cannot be used`, {
      code: 'ledger_unusable',
      exitCode: ExitCode.stopped,
      hint: 'free some space or permit writing there, or choose another folder with --state-dir; then run again',
      cause,
    });
  }
}

function markRecord(index: TraceIndex, line: string): void {
  const keys = keysOf(line);
  for (let at = 0; at + entryBytes <= keys.length; at += entryBytes) {
    const span = index.findKey(keys.readUInt32LE(at), keys.readUInt32LE(at + 4));
    if (span < 0) continue;
    const content = index.contentKey(span);
    const same =
      content.checksum === keys.readUInt32LE(at + 8) && content.length === keys.readUInt32LE(at + 12);
    index.setImported(span, same ? 'same' : 'changed');
  }
}

function keysOf(line: string): Buffer {
  try {
    const record: unknown = JSON.parse(line);
    const keys: unknown =
      typeof record === 'object' && record !== null ? Reflect.get(record, 'keys') : undefined;
    return typeof keys === 'string' ? Buffer.from(keys, 'base64') : Buffer.alloc(0);
  } catch {
    return Buffer.alloc(0);
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
