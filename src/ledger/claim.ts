import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';

import type { TraceIndex } from '../trace/trace-index.js';

/** What chance, the clock or the other spans decided in a run. A run that goes on with it repeats it. */
export interface Decisions {
  remapSeed?: string | undefined;
  /** Microseconds since the epoch. */
  shiftTo?: number | undefined;
  /** The latest end of its spans, which moved there. */
  shiftFrom?: number | undefined;
}

/** A key of a span, little-endian. */
const keyBytes = 8;
const lengthBytes = 4;
const blockBytes = 64 * 1024;

/**
 * Writes which spans a run is about to send: the length of a JSON document, the document, then the keys of the spans.
 * It is on disk when this returns.
 */
export function writeClaim(file: string, index: TraceIndex, decided: Decisions): void {
  const header = Buffer.from(JSON.stringify({ decided }));
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    const length = Buffer.allocUnsafe(lengthBytes);
    length.writeUInt32LE(header.length);
    writeAll(descriptor, Buffer.concat([length, header]));
    const block = Buffer.allocUnsafe(blockBytes);
    const view = new DataView(block.buffer, block.byteOffset, blockBytes);
    let filled = 0;
    for (let span = 0; span < index.mentioned; span++) {
      if (!index.isDefined(span) || index.isImported(span)) continue;
      view.setUint32(filled, index.keyLow(span), true);
      view.setUint32(filled + 4, index.keyHigh(span), true);
      filled += keyBytes;
      if (filled < blockBytes) continue;
      writeAll(descriptor, block);
      filled = 0;
    }
    writeAll(descriptor, block.subarray(0, filled));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** How spans of a claim relate to a plan. */
export interface Overlap {
  /** Spans that the plan has too. */
  shared: number;
  /** Of these, spans that the plan would send. */
  contended: number;
  /** Spans that are not in the plan. */
  foreign: number;
}

/** Compares a claim with a plan whose index is not sealed yet. Throws where the file is gone. */
export function compareClaim(file: string, index: TraceIndex): Overlap & { decided: Decisions } {
  const overlap: Overlap = { shared: 0, contended: 0, foreign: 0 };
  const descriptor = openSync(file, 'r');
  try {
    const length = Buffer.alloc(lengthBytes);
    readSync(descriptor, length, 0, lengthBytes, 0);
    const headerBytes = Math.min(length.readUInt32LE(), blockBytes);
    const header = Buffer.alloc(headerBytes);
    readSync(descriptor, header, 0, headerBytes, lengthBytes);
    const block = Buffer.allocUnsafe(blockBytes);
    let position = lengthBytes + headerBytes;
    for (;;) {
      const read = readSync(descriptor, block, 0, blockBytes, position);
      const whole = read - (read % keyBytes);
      if (whole === 0) break;
      for (let at = 0; at < whole; at += keyBytes) {
        const span = index.findKey(block.readUInt32LE(at), block.readUInt32LE(at + 4));
        if (span < 0) overlap.foreign += 1;
        else {
          overlap.shared += 1;
          if (!index.isImported(span)) overlap.contended += 1;
        }
      }
      position += whole;
    }
    return { ...overlap, decided: decisionsOf(header) };
  } finally {
    closeSync(descriptor);
  }
}

function writeAll(descriptor: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
}

/** None where a crash cut the file short: then nothing was sent after it. */
function decisionsOf(header: Buffer): Decisions {
  try {
    const value: unknown = JSON.parse(header.toString());
    const { decided }: Partial<Record<string, unknown>> = Object(value);
    const { remapSeed, shiftTo, shiftFrom }: Partial<Record<string, unknown>> = Object(decided);
    return {
      ...(typeof remapSeed === 'string' ? { remapSeed } : {}),
      ...(typeof shiftTo === 'number' ? { shiftTo } : {}),
      ...(typeof shiftFrom === 'number' ? { shiftFrom } : {}),
    };
  } catch {
    return {};
  }
}
