import { closeSync, openSync, readSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';

import { usageError } from '../errors.js';
import { excerpt } from './excerpt.js';
import type { Problem } from './row.js';

/** A source of bytes that is pulled, so that whoever frames the rows decides how much is in memory. */
export interface ByteReader {
  /** Puts up to `length` bytes at `at` and returns how many; 0 is the end. */
  read(into: Buffer, at: number, length: number): Promise<number>;
  /** Set once `read` has returned 0 because what follows is damaged; the bytes before it were delivered. */
  readonly damage?: Problem | undefined;
  /** How often, since the last call, something was no character and became U+FFFD. */
  takeReplaced?(): number;
  close(): Promise<void>;
}

/** Reads a file from its first byte to its last; also what cannot be seeked, as a named pipe. */
export async function openFile(path: string): Promise<ByteReader> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    throw unreadable(path, error);
  }
  return {
    async read(into, at, length) {
      try {
        return (await file.read(into, at, length, null)).bytesRead;
      } catch (error) {
        throw unreadable(path, error);
      }
    },
    close: () => file.close(),
  };
}

/** Bytes that are read in the calling thread before signals and timers have their turn. */
const uninterruptedBytes = 4 * 1024 * 1024;

/**
 * Reads a regular file in the calling thread: rows are framed one block after the other, and to wait for another thread
 * takes longer than to read a block.
 */
export async function openRegularFile(path: string): Promise<ByteReader> {
  const file = attempt(path, () => openSync(path, 'r'));
  let uninterrupted = 0;
  return {
    async read(into, at, length) {
      if (uninterrupted >= uninterruptedBytes) {
        uninterrupted = 0;
        await setImmediate();
      }
      const count = attempt(path, () => readSync(file, into, at, length, null));
      uninterrupted += count;
      return count;
    },
    async close() {
      closeSync(file);
    },
  };
}

/** Pulls from a stream such as stdin. Closing it leaves the stream's remaining bytes unread. */
export function streamReader(name: string, stream: NodeJS.ReadableStream): ByteReader {
  const chunks = stream[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  return {
    async read(into, at, length) {
      while (rest.length === 0) {
        let next: IteratorResult<string | Buffer>;
        try {
          next = await chunks.next();
        } catch (error) {
          throw unreadable(name, error);
        }
        if (next.done === true) return 0;
        rest = typeof next.value === 'string' ? Buffer.from(next.value) : next.value;
      }
      const count = rest.copy(into, at, 0, length);
      rest = rest.subarray(count);
      return count;
    },
    async close() {
      await chunks.return?.();
    },
  };
}

/** Gives `head` again before the rest: what was read to sniff an input that cannot be opened twice. */
export function unread(head: Buffer, reader: ByteReader): ByteReader {
  let rest = head;
  return {
    async read(into, at, length) {
      if (rest.length === 0) return reader.read(into, at, length);
      const count = rest.copy(into, at, 0, length);
      rest = rest.subarray(count);
      return count;
    },
    get damage() {
      return reader.damage;
    },
    takeReplaced: () => reader.takeReplaced?.() ?? 0,
    close: () => reader.close(),
  };
}

/** Reads until `bytes` are there or the input ends; a shorter result is the whole input. */
export async function readHead(reader: ByteReader, bytes: number): Promise<Buffer> {
  const head = Buffer.allocUnsafe(bytes);
  let length = 0;
  while (length < bytes) {
    const count = await reader.read(head, length, bytes - length);
    if (count === 0) break;
    length += count;
  }
  return head.subarray(0, length);
}

/** Does what the file system may refuse. */
export function attempt<Result>(name: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw unreadable(name, error);
  }
}

/** The error for a name that the file system does not let us read. */
export function unreadable(name: string, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  const shown = excerpt(name, 200);
  if (code === 'ENOENT') {
    return usageError('input_missing', `${shown}: no such file`, 'check the path', error);
  }
  const hint =
    code === 'EACCES' || code === 'EPERM'
      ? 'grant yourself read permission, e.g. chmod u+r'
      : 'check the disk or copy the file, then run again';
  return usageError('input_unreadable', `${shown}: cannot be read (${code})`, hint, error);
}
