/** The reversed polynomial of CRC-32, as zlib has it. */
const polynomial = 0xedb88320;
/** x⁰ and x⁸, with the highest power in the lowest bit: what nothing and what one byte more does to a checksum. */
const noShift = 0x80000000;
const byteShift = 0x00800000;
/** Values of a byte, and of a hexadecimal digit. */
const byteValues = 256;
const digitValues = 16;

/**
 * For each hexadecimal digit of a length, by its value: what so many bytes make of a checksum, by the values of its four
 * bytes. 4 KB each, made when it is first needed.
 */
const shifts: (Uint32Array | undefined)[] = [];

/**
 * CRC-32 of two stretches of bytes one after the other, by their checksums: what it takes does not depend on how long
 * they are. A checksum is a polynomial's remainder, and bytes that follow multiply it by a power of x (`crc32_combine`
 * of zlib).
 *
 * @param length bytes of the second stretch, below 2³²
 */
export function joinChecksums(first: number, second: number, length: number): number {
  let shifted = first;
  let place = 0;
  for (let rest = length; rest > 0; rest >>>= 4) {
    const digit = rest % digitValues;
    if (digit > 0) {
      const shift = (shifts[place * digitValues + digit] ??= shiftTable(powerOf(digit, place)));
      shifted =
        shift[shifted & 0xff]! ^
        shift[byteValues + ((shifted >>> 8) & 0xff)]! ^
        shift[2 * byteValues + ((shifted >>> 16) & 0xff)]! ^
        shift[3 * byteValues + (shifted >>> 24)]!;
    }
    place += 1;
  }
  return (shifted ^ second) >>> 0;
}

/** The power of x that `digit` × 16^`place` bytes stand for. */
function powerOf(digit: number, place: number): number {
  let step = byteShift;
  for (let squares = 4 * place; squares > 0; squares--) step = multiply(step, step);
  let power = noShift;
  for (let steps = digit; steps > 0; steps--) power = multiply(power, step);
  return power;
}

/** A product is the sum of those of the single bits. */
function shiftTable(power: number): Uint32Array {
  const table = new Uint32Array(4 * byteValues);
  for (let byte = 0; byte < 4; byte++) {
    const values = table.subarray(byte * byteValues, (byte + 1) * byteValues);
    for (let value = 1; value < byteValues; value++) {
      const lowestBit = value & -value;
      values[value] = values[value - lowestBit]! ^ multiply(power, lowestBit << (8 * byte));
    }
  }
  return table;
}

/** Of two remainders. */
function multiply(one: number, other: number): number {
  let product = 0;
  let left = one | 0;
  for (let right = other; left !== 0; left <<= 1) {
    if (left < 0) product ^= right;
    right = (right >>> 1) ^ (polynomial & -(right & 1));
  }
  return product >>> 0;
}
