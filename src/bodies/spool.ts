import { randomUUID } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statfsSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

import { ExitCode, ImportError } from '../errors.js';

const bufferBytes = 1024 * 1024;
/** Beside each body stands the row that it came from: input number (4 bytes) and byte offset in it (8 bytes). */
const originBytes = 12;
/** Space that must stay free for the ledger and for other programs. */
const reserveBytes = 64 * 1024 * 1024;
/** Names that no other program gives, since a dry run spools to the folder for everybody's temporary files. */
const namePrefix = 'respan-import-spool-';
const spoolName = new RegExp(`^${namePrefix}[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$`);

/** The row that a spooled span came from. */
export interface Origin {
  input: number;
  offset: number;
}

/**
 * A private temporary file for the spans that are not their row's own bytes. It is created when the first span arrives,
 * readable by its user alone, and unlinked while it is open. A kill between the two leaves a name, which the next spool
 * in the folder removes.
 */
export class Spool {
  private descriptor: number | undefined;
  private pathToRemove: string | undefined;
  private readonly buffer = Buffer.allocUnsafe(bufferBytes);
  private buffered = 0;
  private written = 0;

  constructor(private readonly folder: string) {}

  /** Bytes spooled so far. */
  get bytes(): number {
    return this.written + this.buffered;
  }

  /** Stores the body and gives the offset at which `read` finds it. */
  append(origin: Origin, body: Uint8Array): number {
    if (this.buffered + originBytes + body.length > bufferBytes) this.flush();
    const position = this.bytes + originBytes;
    if (originBytes + body.length > bufferBytes) {
      const record = Buffer.allocUnsafe(originBytes + body.length);
      writeOrigin(record, 0, origin);
      record.set(body, originBytes);
      this.write(record);
    } else {
      writeOrigin(this.buffer, this.buffered, origin);
      this.buffer.set(body, this.buffered + originBytes);
      this.buffered += originBytes + body.length;
    }
    return position;
  }

  originOf(position: number): Origin {
    const record = Buffer.allocUnsafe(originBytes);
    this.read(record, 0, originBytes, position - originBytes);
    return { input: record.readUInt32LE(0), offset: record.readDoubleLE(4) };
  }

  /** Fills `target[at, at + length)` with what stands at `position`. */
  read(target: Uint8Array, at: number, length: number, position: number): void {
    if (position + length > this.written) this.flush();
    const read = readSync(this.open(), target, at, length, position);
    if (read !== length) throw new Error(`the spool ended ${length - read} bytes early`);
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
    if (this.pathToRemove !== undefined) rmSync(this.pathToRemove, { force: true });
  }

  private flush(): void {
    if (this.buffered === 0) return;
    const part = this.buffer.subarray(0, this.buffered);
    this.buffered = 0;
    this.write(part);
  }

  private write(bytes: Uint8Array): void {
    const descriptor = this.open();
    this.checkFreeSpace(bytes.length);
    try {
      for (let done = 0; done < bytes.length;) {
        done += writeSync(descriptor, bytes, done, bytes.length - done, this.written + done);
      }
    } catch (error) {
      throw this.unwritable(error);
    }
    this.written += bytes.length;
  }

  private checkFreeSpace(wanted: number): void {
    const free = freeBytes(this.folder);
    if (free !== undefined && free < wanted + reserveBytes) throw this.unwritable(undefined);
  }

  private unwritable(cause: unknown): ImportError {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'ENOSPC';
    const reason = code === 'ENOSPC' ? 'no space left' : code;
    return new ImportError(`the spool cannot be written to ${this.folder} (${reason})`, {
      code: 'spool_unwritable',
      exitCode: ExitCode.stopped,
      hint: 'nothing was sent; free some space or permit writing there, or choose another folder with --state-dir',
      cause,
    });
  }

  private open(): number {
    if (this.descriptor !== undefined) return this.descriptor;
    const file = path.join(this.folder, namePrefix + randomUUID());
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      removeLeftNames(this.folder);
      this.descriptor = openSync(file, 'wx+', 0o600);
    } catch (error) {
      throw this.unwritable(error);
    }
    try {
      unlinkSync(file);
    } catch {
      // Another run has removed it, or Windows keeps the name of an open file.
      this.pathToRemove = file;
    }
    return this.descriptor;
  }
}

/** Undefined where the file system does not tell; then writing does. */
function freeBytes(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

/**
 * Whoever still writes to one of them needs its name no more: it holds the file open, and was about to remove the name.
 * So nothing has to be known of its process.
 */
function removeLeftNames(folder: string): void {
  for (const name of namesIn(folder)) {
    if (!spoolName.test(name)) continue;
    try {
      unlinkSync(path.join(folder, name));
    } catch {
      // Another user's, or gone already, or held by a process on Windows.
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Files may be created in it all the same.
    return [];
  }
}

function writeOrigin(target: Buffer, at: number, origin: Origin): void {
  target.writeUInt32LE(origin.input, at);
  target.writeDoubleLE(origin.offset, at + 4);
}
