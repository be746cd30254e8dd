import { closeSync, openSync, readSync } from 'node:fs';

import { ExitCode, ImportError } from '../errors.js';
import type { InputFile } from '../input/input-file.js';

/** Descriptors held open at once; the least recently used is closed first. */
const maximumOpen = 64;

/** Reads ranges of plain input files again. */
export class InputReader {
  private readonly descriptors = new Map<number, number>();

  constructor(private readonly inputs: readonly InputFile[]) {}

  /** Fills `target[at, at + length)` from the input's bytes at `offset`. */
  read(input: number, target: Uint8Array, at: number, length: number, offset: number): void {
    const descriptor = this.descriptorOf(input);
    let done = 0;
    while (done < length) {
      const read = readSync(descriptor, target, at + done, length - done, offset + done);
      if (read === 0) throw inputChanged(this.inputs[input]!.name, offset);
      done += read;
    }
  }

  close(): void {
    for (const descriptor of this.descriptors.values()) closeSync(descriptor);
    this.descriptors.clear();
  }

  private descriptorOf(input: number): number {
    const known = this.descriptors.get(input);
    if (known !== undefined) {
      if (this.descriptors.size > 1) {
        this.descriptors.delete(input);
        this.descriptors.set(input, known);
      }
      return known;
    }
    const { path, name } = this.inputs[input]!;
    if (path === undefined) throw new Error(`${name} cannot be read again`);
    const [oldest] = this.descriptors;
    if (oldest !== undefined && this.descriptors.size >= maximumOpen) {
      closeSync(oldest[1]);
      this.descriptors.delete(oldest[0]);
    }
    let descriptor: number;
    try {
      descriptor = openSync(path, 'r');
    } catch (error) {
      throw inputChanged(name, 0, error);
    }
    this.descriptors.set(input, descriptor);
    return descriptor;
  }
}

/** The input no longer holds the bytes that were planned. */
export function inputChanged(name: string, offset: number, cause?: unknown): ImportError {
  return new ImportError(
    `${name} changed while it was imported: byte ${offset} is not what was read before`,
    {
      code: 'input_changed',
      exitCode: ExitCode.stopped,
      hint: 'run the same command again once the file is complete: it sends what is missing',
      cause,
    },
  );
}
