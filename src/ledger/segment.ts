import { closeSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';

import type { TraceIndex } from '../trace/trace-index.js';
import { encodeRecord, entryBytes, type RunEnd, type RunFacts } from './record.js';

const syncInterval = 1000;

/** What one run writes: append-only, a line a record. A line that a crash cut short is passed over when it is read. */
export class Segment {
  private readonly descriptor: number;
  private readonly timer: NodeJS.Timeout;
  private bytes = 0;
  private dirty = true;
  private failure: unknown;
  private acknowledgements = 0;

  /** Throws where there is no permission or no space. */
  constructor(file: string, run: RunFacts) {
    this.descriptor = openSync(file, 'wx', 0o600);
    this.timer = setInterval(() => this.sync(), syncInterval).unref();
    try {
      this.write(encodeRecord({ kind: 'run', run }));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** True where nothing was acknowledged. */
  get empty(): boolean {
    return this.acknowledgements === 0;
  }

  /** Returns when the system has the record; it is on disk a second later. */
  acknowledge(index: TraceIndex, spans: readonly number[], traceIds: readonly string[]): void {
    const keys = Buffer.allocUnsafe(spans.length * entryBytes);
    // Its setters cost a fifth of those of a Buffer.
    const view = new DataView(keys.buffer, keys.byteOffset, keys.length);
    let at = 0;
    for (const span of spans) {
      const content = index.contentKey(span);
      view.setUint32(at, index.keyLow(span), true);
      view.setUint32(at + 4, index.keyHigh(span), true);
      view.setUint32(at + 8, content.checksum, true);
      view.setUint32(at + 12, content.length, true);
      at += entryBytes;
    }
    this.write(encodeRecord({ kind: 'acknowledged', keys, traceIds }));
    this.acknowledgements += 1;
  }

  end(end: RunEnd): void {
    this.write(encodeRecord({ kind: 'end', end }));
  }

  /** Throws where not all is on the disk. */
  close(): void {
    clearInterval(this.timer);
    this.sync();
    closeSync(this.descriptor);
    if (this.failure !== undefined) throw this.failure;
  }

  private write(line: string): void {
    if (this.failure !== undefined) throw this.failure;
    this.dirty = true;
    const bytes = Buffer.from(line);
    try {
      for (let done = 0; done < bytes.length;) done += writeSync(this.descriptor, bytes, done);
      this.bytes += bytes.length;
    } catch (error) {
      this.failure = error;
      // Half a line would swallow the next one.
      ftruncateSync(this.descriptor, this.bytes);
      throw error;
    }
  }

  /** Runs on a timer, where nobody could catch an error: the next record throws it. */
  private sync(): void {
    if (!this.dirty) return;
    try {
      fsyncSync(this.descriptor);
      this.dirty = false;
    } catch (error) {
      this.failure ??= error;
    }
  }
}
