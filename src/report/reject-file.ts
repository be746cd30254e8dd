import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';

const bufferBytes = 64 * 1024;

/** A file that is written synchronously through one buffer, readable by its owner alone. */
export class RejectFile {
  readonly path: string;
  private readonly descriptor: number;
  private readonly buffer = Buffer.allocUnsafe(bufferBytes);
  private filled = 0;

  constructor(filePath: string) {
    // `wx`: what an earlier run left is never overwritten.
    this.descriptor = openSync(path.resolve(filePath), 'wx', 0o600);
    this.path = filePath;
  }

  write(bytes: Uint8Array): void {
    if (this.filled + bytes.length > bufferBytes) this.flush();
    if (bytes.length > bufferBytes) {
      writeAll(this.descriptor, bytes);
      return;
    }
    this.buffer.set(bytes, this.filled);
    this.filled += bytes.length;
  }

  writeText(text: string): void {
    this.write(Buffer.from(text));
  }

  flush(): void {
    const filled = this.buffer.subarray(0, this.filled);
    this.filled = 0;
    writeAll(this.descriptor, filled);
  }

  close(): void {
    try {
      this.flush();
    } finally {
      closeSync(this.descriptor);
    }
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
}

/**
 * Creates the folder by its full name: from a working directory that was deleted meanwhile, Node tries a relative one for
 * ever.
 */
export function createRejectsFolder(directory: string): void {
  mkdirSync(path.resolve(directory), { recursive: true, mode: 0o700 });
}

/** Creates `name.ext`, or `name-2.ext`, `name-3.ext`, … where that is taken. */
export function createRejectFile(directory: string, name: string, extension: string): RejectFile {
  for (let number = 1; ; number += 1) {
    try {
      return new RejectFile(path.join(directory, `${name}${number === 1 ? '' : `-${number}`}.${extension}`));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}
