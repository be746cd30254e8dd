/*
 * Reads JSON as RFC 8259 has it, sixteen bytes of text at a time, and tells of each value what it is and where it
 * stands. It builds nothing: whoever asks looks at the bytes of the few values that matter.
 *
 * AssemblyScript; `npm run scanner` compiles it to `src/scanner/scanner-code.ts`.
 */

/** What an entry of the tape tells of. The names of an object's members are texts too. */
const text: u32 = 1;
const escapedText: u32 = 2;
/** A number of at most 15 digits and nothing else. */
const count: u32 = 3;
/** Of digits and a point, at most 300 characters. */
const decimal: u32 = 4;
const otherNumber: u32 = 5;
const isTrue: u32 = 6;
const isFalse: u32 = 7;
const isNull: u32 = 8;
const object: u32 = 9;
const array: u32 = 10;

const longestCount: usize = 15;
const longestDecimal: usize = 300;

/** A field's record: its name, padded with zeros; then the name's length, the field's place, and the kinds. */
const fieldsStart: usize = 0x400;
const fieldBytes: usize = 48;
const longestName: usize = 32;
const lengthOffset: usize = 32;
const placeOffset: usize = 36;
const kindsOffset: usize = 40;
/** Numbers of fields, 0 for none, by a hash of the name; with linear probing. */
const slotsStart: usize = 0x2000;
const slots: u32 = 1024;
let fields: u32 = 0;
export const mostFields: u32 = 140;

/** Entries of the values of fields with a place, by place; 0 where the row has none. */
export const placesStart: usize = 0x2800;
export const mostPlaces: u32 = 32;
/** Pairs of an entry and a field: values that are not of a kind that the field takes unseen. */
export const checksStart: usize = 0x3000;
const mostChecks: u32 = 1024;

/** Where the caller puts the bytes; behind them there must be room for `padding` more. */
export const inputStart: usize = 0x10000;
export const inputLength: usize = 0x100000;
const padding: usize = 32;
/** Where the entries are: four unsigned 32-bit integers each. */
export const tapeStart: usize = inputStart + inputLength + padding;
/** Entries that there is room for. */
export const tapeLength: u32 = 0x10000;

const entryShift: usize = 4;
const startOffset: usize = 4;
const endOffset: usize = 8;
const nextOffset: usize = 12;

/** No JSON text begins at address 0. */
const failed: usize = 0;
const refused: i32 = -1;

/** Entries, and checks, that were written. */
let length: u32 = 0;
let checks: u32 = 0;
/** The field whose value is read. */
let field: u32 = 0;
/** Whether the last text that was read has escapes. */
let hasEscapes: bool = false;

/**
 * Makes a field known, whose name lies at `inputStart`. Fields are numbered from 1.
 *
 * @param kinds a bit for each kind of value that it takes, whatever the value
 * @param place where to tell of its value, `mostPlaces` for nowhere
 */
export function addField(nameLength: u32, kinds: u32, place: u32): void {
  const record = fieldsStart + <usize>++fields * fieldBytes;
  memory.copy(record, inputStart, nameLength);
  store<u32>(record, nameLength, lengthOffset);
  store<u32>(record, place, placeOffset);
  store<u32>(record, kinds, kindsOffset);
  let slot = slotOf(inputStart, nameLength);
  while (load<u8>(slotsStart + slot) != 0) slot = (slot + 1) & (slots - 1);
  store<u8>(slotsStart + slot, <u8>fields);
}

function slotOf(name: usize, nameLength: u32): u32 {
  const first: u32 = load<u8>(name);
  const middle: u32 = load<u8>(name + (nameLength >> 1));
  const last: u32 = load<u8>(name + nameLength - 1);
  return (nameLength * 31 + first * 7 + middle * 131 + last * 17) & (slots - 1);
}

/** The field whose name is there, 0 if none is. */
function fieldNamed(name: usize, nameLength: u32): u32 {
  if (nameLength - 1 >= <u32>longestName) return 0;
  let slot = slotOf(name, nameLength);
  while (true) {
    const number: u32 = load<u8>(slotsStart + slot);
    if (number == 0) return 0;
    const record = fieldsStart + <usize>number * fieldBytes;
    if (load<u32>(record, lengthOffset) == nameLength && areSame(record, name, nameLength)) return number;
    slot = (slot + 1) & (slots - 1);
  }
}

function areSame(one: usize, other: usize, bytes: u32): bool {
  const head = i8x16.bitmask(i8x16.ne(v128.load(one), v128.load(other)));
  if (bytes <= 16) return (head & ((1 << bytes) - 1)) == 0;
  const tail = i8x16.bitmask(i8x16.ne(v128.load(one, 16), v128.load(other, 16)));
  return head == 0 && (tail & ((1 << (bytes - 16)) - 1)) == 0;
}

/**
 * Scans the JSON object between two addresses, whose bytes are valid UTF-8. The tape then has an entry for each value
 * and each name, in their order: kind, first byte, byte after the last one (of a text without its quotes), and the entry
 * that follows, which for a container is the one after all that it holds. The byte at `end` is overwritten.
 *
 * @returns how many values have to be checked; -1 where it is no JSON object, a member of it is no field, a text holds
 *   half a character, containers nest deeper than `maxDepth`, or there is no room for the entries
 */
export function scan(from: usize, end: usize, maxDepth: u32): i32 {
  // Nothing accepts this byte, so no loop needs to ask where the end is.
  store<u8>(end, 0);
  memory.fill(placesStart, 0, mostPlaces * 4);
  length = 0;
  checks = 0;
  let depth: u32 = 0;
  // The innermost open container. While one is open, its `next` names the one around it.
  let open: u32 = 0;
  let at = skipSpace(from);
  if (load<u8>(at) != 0x7b) return refused;
  while (true) {
    if (length + 2 > tapeLength) return refused;
    at = skipSpace(at);
    const first: u32 = load<u8>(at);
    const value = length;
    if (first == 0x7b || first == 0x5b) {
      if (depth == maxDepth) return refused;
      const isObject = first == 0x7b;
      append(isObject ? object : array, at, 0);
      store<u32>(entryAt(value), open, nextOffset);
      if (depth == 1 && !settle(value)) return refused;
      open = value;
      depth++;
      at = skipSpace(at + 1);
      if (isObject) {
        if (load<u8>(at) != 0x7d) {
          at = depth == 1 ? readField(at) : readName(at);
          if (at == failed) return refused;
          continue;
        }
      } else if (load<u8>(at) != 0x5d) continue;
    } else {
      at = readScalar(at, first);
      if (at == failed || (depth == 1 && !settle(value))) return refused;
    }
    // Behind a value.
    while (true) {
      at = skipSpace(at);
      if (depth == 0) return at == end ? <i32>checks : refused;
      const container = entryAt(open);
      const isObject = load<u32>(container) == object;
      const next: u32 = load<u8>(at);
      if (next == 0x2c) {
        at++;
        if (isObject) {
          at = skipSpace(at);
          at = depth == 1 ? readField(at) : readName(at);
          if (at == failed) return refused;
        }
        break;
      }
      if (next != (isObject ? <u32>0x7d : <u32>0x5d)) return refused;
      at++;
      const outer = load<u32>(container, nextOffset);
      store<u32>(container, <u32>at, endOffset);
      store<u32>(container, length, nextOffset);
      open = outer;
      depth--;
    }
  }
}

/** Notes what the caller wants to know of the value of a field. As `JSON.parse` has it, the last one of a name counts. */
function settle(value: u32): bool {
  const record = fieldsStart + <usize>field * fieldBytes;
  const place = load<u32>(record, placeOffset);
  if (place < mostPlaces) store<u32>(placesStart + (place << 2), value);
  if (((load<u32>(record, kindsOffset) >> load<u32>(entryAt(value))) & 1) != 0) return true;
  if (checks == mostChecks) return false;
  const check = checksStart + (checks++ << 3);
  store<u32>(check, value);
  store<u32>(check, field, 4);
  return true;
}

function entryAt(entry: u32): usize {
  return tapeStart + ((<usize>entry) << entryShift);
}

function append(kind: u32, start: usize, end: usize): u32 {
  const entry = length++;
  const address = entryAt(entry);
  store<u32>(address, kind);
  store<u32>(address, <u32>start, startOffset);
  store<u32>(address, <u32>end, endOffset);
  store<u32>(address, length, nextOffset);
  return entry;
}

function skipSpace(from: usize): usize {
  let at = from;
  while (true) {
    const byte: u32 = load<u8>(at);
    if (byte > 0x20 || (byte != 0x20 && byte != 0x0a && byte != 0x0d && byte != 0x09)) return at;
    at++;
  }
}

/** The name of a member of the row itself, and the colon behind it. One with escapes is no field's. */
function readField(from: usize): usize {
  const entry = entryAt(length);
  const value = readName(from);
  if (value == failed) return failed;
  const start: usize = load<u32>(entry, startOffset);
  field = fieldNamed(start, load<u32>(entry, endOffset) - <u32>start);
  return field == 0 ? failed : value;
}

/** A member's name and the colon behind it. */
function readName(from: usize): usize {
  if (load<u8>(from) != 0x22) return failed;
  const end = textEnd(from + 1);
  if (end == failed) return failed;
  append(hasEscapes ? escapedText : text, from + 1, end);
  const colon = skipSpace(end + 1);
  return load<u8>(colon) == 0x3a ? colon + 1 : failed;
}

function readScalar(from: usize, first: u32): usize {
  if (first == 0x22) {
    const end = textEnd(from + 1);
    if (end == failed) return failed;
    append(hasEscapes ? escapedText : text, from + 1, end);
    return end + 1;
  }
  if (first == 0x74) return load<u32>(from) == 0x65757274 ? readWord(isTrue, from, 4) : failed;
  if (first == 0x66) return load<u32>(from + 1) == 0x65736c61 ? readWord(isFalse, from, 5) : failed;
  if (first == 0x6e) return load<u32>(from) == 0x6c6c756e ? readWord(isNull, from, 4) : failed;
  return readNumber(from);
}

function readWord(kind: u32, from: usize, bytes: usize): usize {
  append(kind, from, from + bytes);
  return from + bytes;
}

/** The closing quote of a text that begins here. */
function textEnd(from: usize): usize {
  const quote = i8x16.splat(0x22);
  const backslash = i8x16.splat(0x5c);
  const firstPrintable = i8x16.splat(0x20);
  hasEscapes = false;
  let at = from;
  while (true) {
    const bytes = v128.load(at);
    const ends = v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, backslash));
    const found = i8x16.bitmask(v128.or(ends, i8x16.lt_u(bytes, firstPrintable)));
    if (found == 0) {
      at += 16;
      continue;
    }
    at += ctz(found);
    const byte: u32 = load<u8>(at);
    if (byte == 0x22) return at;
    if (byte != 0x5c) return failed;
    hasEscapes = true;
    at = escapeEnd(at + 1);
    if (at == failed) return failed;
  }
}

/** Behind an escape whose backslash is the byte before. Halves of a character count only together. */
function escapeEnd(from: usize): usize {
  const letter: u32 = load<u8>(from);
  switch (letter) {
    case 0x22:
    case 0x2f:
    case 0x5c:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return from + 1;
    case 0x75: {
      const unit = hexUnit(from + 1);
      if (unit < 0) return failed;
      if ((unit & 0xf800) != 0xd800) return from + 5;
      if (unit >= 0xdc00 || load<u8>(from + 5) != 0x5c || load<u8>(from + 6) != 0x75) return failed;
      const low = hexUnit(from + 7);
      return low >= 0xdc00 && low <= 0xdfff ? from + 11 : failed;
    }
    default:
      return failed;
  }
}

/** The value of four hex digits; below 0 where they are none. */
function hexUnit(from: usize): i32 {
  let unit: i32 = 0;
  for (let at = from; at < from + 4; at++) {
    const byte: u32 = load<u8>(at);
    const letter = byte | 0x20;
    if (byte - 0x30 <= 9) unit = (unit << 4) | (byte - 0x30);
    else if (letter - 0x61 <= 5) unit = (unit << 4) | (letter - 0x57);
    else return -1;
  }
  return unit;
}

function digitsEnd(from: usize): usize {
  let at = from;
  while (<u32>load<u8>(at) - 0x30 <= 9) at++;
  return at;
}

function readNumber(from: usize): usize {
  const isNegative = load<u8>(from) == 0x2d;
  const digits = isNegative ? from + 1 : from;
  let at = digitsEnd(digits);
  if (at == digits || (load<u8>(digits) == 0x30 && at > digits + 1)) return failed;
  let kind = isNegative || at - from > longestCount ? otherNumber : count;
  if (load<u8>(at) == 0x2e) {
    const fraction = at + 1;
    at = digitsEnd(fraction);
    if (at == fraction) return failed;
    kind = isNegative || at - from > longestDecimal ? otherNumber : decimal;
  }
  if ((load<u8>(at) | 0x20) == 0x65) {
    const sign: u32 = load<u8>(at + 1);
    const exponent = sign == 0x2b || sign == 0x2d ? at + 2 : at + 1;
    at = digitsEnd(exponent);
    if (at == exponent) return failed;
    kind = otherNumber;
  }
  append(kind, from, at);
  return at;
}
