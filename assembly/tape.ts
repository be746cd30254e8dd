import { tapeStart } from './memory';

/** What an entry tells of, as `src/digest/row-scanner.ts` numbers it. The names of an object's members are texts too. */
export const text: u32 = 1;
export const escapedText: u32 = 2;
/** A number of at most 15 digits and nothing else. */
export const count: u32 = 3;
/** Of digits and a point, at most 300 characters. */
export const decimal: u32 = 4;
export const otherNumber: u32 = 5;
export const isTrue: u32 = 6;
export const isFalse: u32 = 7;
export const isNull: u32 = 8;
export const object: u32 = 9;
export const array: u32 = 10;
/** A text of more than 255 bytes, without escapes. */
export const longText: u32 = 11;

const entryShift: usize = 4;
const startOffset: usize = 4;
const endOffset: usize = 8;
const nextOffset: usize = 12;

/** Entries that were written. */
export let length: u32 = 0;

export function clearTape(): void {
  length = 0;
}

/** The entry that follows is the next one; a container says another when it is closed. */
export function append(kind: u32, start: usize, end: usize): void {
  const address = addressOf(length++);
  store<u32>(address, kind);
  store<u32>(address, <u32>start, startOffset);
  store<u32>(address, <u32>end, endOffset);
  store<u32>(address, length, nextOffset);
}

export function kindOf(entry: u32): u32 {
  return load<u32>(addressOf(entry));
}

/** Addresses: of the first byte, and of the one after the last. Of a text without its quotes. */
export function startOf(entry: u32): usize {
  return load<u32>(addressOf(entry), startOffset);
}

export function endOf(entry: u32): usize {
  return load<u32>(addressOf(entry), endOffset);
}

export function setEnd(entry: u32, end: usize): void {
  store<u32>(addressOf(entry), <u32>end, endOffset);
}

/** The first entry after all that belongs to this one. */
export function nextOf(entry: u32): u32 {
  return load<u32>(addressOf(entry), nextOffset);
}

export function setNext(entry: u32, next: u32): void {
  store<u32>(addressOf(entry), next, nextOffset);
}

function addressOf(entry: u32): usize {
  return tapeStart + ((<usize>entry) << entryShift);
}
