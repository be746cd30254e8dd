import {
  append,
  count,
  decimal,
  escapedText,
  isFalse,
  isNull,
  isTrue,
  longText,
  otherNumber,
  text,
} from './tape';

/** No JSON text begins at this address. */
export const failed: usize = 0;

const longestCount: usize = 15;
const longestDecimal: usize = 300;
/** As `src/span/accept.ts` has it. */
const longestShortText: usize = 255;

/** Whether the last text that was read has escapes. */
let hasEscapes: bool = false;

export function skipSpace(from: usize): usize {
  let at = from;
  while (true) {
    const byte: u32 = load<u8>(at);
    if (byte > 0x20 || (byte != 0x20 && byte != 0x0a && byte != 0x0d && byte != 0x09)) return at;
    at++;
  }
}

/** A value that holds no others. Gives the address behind it, as all that read something do, or `failed`. */
export function readScalar(from: usize, first: u32): usize {
  if (first == 0x22) return readText(from);
  if (first == 0x74) return load<u32>(from) == 0x65757274 ? readWord(isTrue, from, 4) : failed;
  if (first == 0x66) return load<u32>(from + 1) == 0x65736c61 ? readWord(isFalse, from, 5) : failed;
  if (first == 0x6e) return load<u32>(from) == 0x6c6c756e ? readWord(isNull, from, 4) : failed;
  return readNumber(from);
}

/** A member's name and the colon behind it. */
export function readName(from: usize): usize {
  if (load<u8>(from) != 0x22) return failed;
  const end = readText(from);
  if (end == failed) return failed;
  const colon = skipSpace(end);
  return load<u8>(colon) == 0x3a ? colon + 1 : failed;
}

function readText(from: usize): usize {
  const end = textEnd(from + 1);
  if (end == failed) return failed;
  append(hasEscapes ? escapedText : end - from - 1 > longestShortText ? longText : text, from + 1, end);
  return end + 1;
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
