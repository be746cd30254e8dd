import { endianness } from 'node:os';

import { code } from './row-scanner-code.js';

/** What an entry of the tape stands for: as in `assembly/tape.ts`. */
export const Kind = {
  /** Without escapes, of at most 255 bytes. */
  text: 1,
  escapedText: 2,
  /** Up to 15 digits and nothing else. */
  count: 3,
  /** Digits and a point, up to 300 characters. */
  decimal: 4,
  otherNumber: 5,
  true: 6,
  false: 7,
  null: 8,
  object: 9,
  array: 10,
  /** Without escapes, of more bytes. */
  longText: 11,
} as const;

interface Exports {
  memory: { buffer: ArrayBuffer };
  /** Addresses, and lengths in bytes and entries. */
  inputStart: { value: number };
  inputLength: { value: number };
  tapeStart: { value: number };
  tapeLength: { value: number };
  placesStart: { value: number };
  mostPlaces: { value: number };
  checksStart: { value: number };
  timesStart: { value: number };
  factsStart: { value: number };
  idsStart: { value: number };
  checksumStart: { value: number };
  /** Gives 0 where there is no room. */
  addField(nameLength: number, kinds: number, place: number): number;
  scan(from: number, end: number, maxDepth: number): number;
}

/** What `facts` says of a row, a bit each: as in `assembly/digest.ts`. */
export const Fact = {
  idsAreHashed: 1,
  isRoot: 2,
  parentIsTrace: 4,
  isNamedAsTrace: 8,
  namesHaveEscapes: 16,
} as const;

/** A member that rows may have. */
export interface ScannedField {
  /** Of ASCII. */
  name: string;
  /** Kinds of values that need not be looked at. */
  unseen: readonly number[];
  /** Where `placed` tells of its value; undefined for fields that nobody asks for. */
  place: number | undefined;
}

const entrySize = 4;

/**
 * Tells what stands where in the JSON of a row and builds nothing of it: `assembly/row-scanner.ts` as WebAssembly, three
 * to four times as fast as `JSON.parse`. What it takes, `JSON.parse` takes, and no text of it holds half a character. It
 * may refuse more. The rows are valid UTF-8.
 */
export class RowScanner {
  /** What the entries point into. Good until the next row is scanned. */
  readonly bytes: Buffer;
  /** Start and end of the row in microseconds since the epoch, NaN where it tells none that can be read as it stands. */
  readonly times: Float64Array;
  /** Hashes of the ids of trace, span and parent, the low half first; good where the facts say so. */
  readonly ids: Uint32Array;
  private readonly factBits: Uint32Array;
  private readonly checksums: Uint32Array;
  private readonly tape: Uint32Array;
  private readonly places: Uint32Array;
  private readonly checks: Uint32Array;
  private readonly module: Exports;
  private readonly inputStart: number;
  /** No row may be longer. */
  private readonly inputLength: number;
  private block: Buffer = Buffer.alloc(0);
  /** What of the block is in the memory. */
  private from = 0;
  private to = 0;

  /** Throws `NoScannerError`. */
  constructor(fields: readonly ScannedField[]) {
    this.module = instantiate();
    const { memory, inputStart, inputLength, tapeStart, tapeLength, placesStart, checksStart } = this.module;
    this.inputStart = inputStart.value;
    this.inputLength = inputLength.value;
    this.bytes = Buffer.from(memory.buffer);
    this.tape = new Uint32Array(memory.buffer, tapeStart.value, tapeLength.value * entrySize);
    this.places = new Uint32Array(memory.buffer, placesStart.value);
    this.checks = new Uint32Array(memory.buffer, checksStart.value);
    const { timesStart, factsStart, idsStart, checksumStart } = this.module;
    this.times = new Float64Array(memory.buffer, timesStart.value, 2);
    this.factBits = new Uint32Array(memory.buffer, factsStart.value, 1);
    this.ids = new Uint32Array(memory.buffer, idsStart.value, 6);
    this.checksums = new Uint32Array(memory.buffer, checksumStart.value, 1);
    for (const field of fields) this.add(field);
  }

  private add({ name, unseen, place }: ScannedField): void {
    const length = this.bytes.write(name, this.inputStart, 'latin1');
    const kinds = unseen.reduce((bits, kind) => bits | (1 << kind), 0);
    const isAdded = this.module.addField(length, kinds, place ?? this.module.mostPlaces.value);
    if (isAdded === 0) throw new Error(`the scanner has no room for the field ${name}`);
  }

  /** The next rows are of this block, in their order. */
  open(block: Buffer): void {
    this.block = block;
    this.from = this.to = 0;
  }

  /** Scans the row at these bytes of the block. Gives the number of values to be checked, -1 where the row is refused. */
  scan(start: number, end: number, maxDepth: number): number {
    if (end > this.to) this.load(start);
    if (end > this.to) return -1;
    const at = this.inputStart + start - this.from;
    return this.module.scan(at, at + end - start, maxDepth);
  }

  private load(start: number): void {
    this.from = start;
    this.to = Math.min(start + this.inputLength, this.block.length);
    this.block.copy(this.bytes, this.inputStart, start, this.to);
  }

  get facts(): number {
    return this.factBits[0]!;
  }

  /** CRC-32 of the row's bytes. */
  get checksum(): number {
    return this.checksums[0]!;
  }

  /** The entry of a value to be checked, and the number of its field, from 0. */
  checkedEntry(check: number): number {
    return this.checks[check * 2]!;
  }

  checkedField(check: number): number {
    return this.checks[check * 2 + 1]! - 1;
  }

  /** The value of the field of this place, 0 where the row has none. */
  placed(place: number): number {
    return this.places[place]!;
  }

  kind(entry: number): number {
    return this.tape[entry * entrySize]!;
  }

  /** Positions in `bytes`: of a text without its quotes. */
  start(entry: number): number {
    return this.tape[entry * entrySize + 1]!;
  }

  end(entry: number): number {
    return this.tape[entry * entrySize + 2]!;
  }

  /** The first entry after this one and all that it holds. */
  next(entry: number): number {
    return this.tape[entry * entrySize + 3]!;
  }
}

/**
 * This machine runs no scanner: Node may not compile anything (`--jitless`), the processor knows no SSE4.1, the address
 * space is limited (V8 reserves 10 GB for the memory of a module), or bytes are in the other order.
 */
export class NoScannerError extends Error {}

function instantiate(): Exports {
  if (endianness() === 'BE') throw new NoScannerError();
  try {
    const module = new WebAssembly.Module(Buffer.from(code, 'base64'));
    return new WebAssembly.Instance<Exports>(module).exports;
  } catch (cause) {
    throw new NoScannerError('the scanner does not start', { cause });
  }
}
