/** The reversed polynomial of CRC-32, as zlib has it. */
const polynomial = 0xedb88320;
/** x⁸, with the highest power in the lowest bit: what one byte more does to a checksum. */
const byteShift = 0x00800000;
/** A table for each byte of a length. */
const digits = 4;
const digitSize = 256;

/** For each byte of a length, by its value: the power of x that so many bytes stand for. Made when it is first needed. */
let powers: Uint32Array | undefined;

/**
 * CRC-32 of two stretches of bytes one after the other, by their checksums: what it takes does not depend on how long
 * they are. A checksum is a polynomial's remainder, and bytes that follow multiply it by a power of x (`crc32_combine`
 * of zlib).
 *
 * @param length bytes of the second stretch, below 2³²
 */
export function joinChecksums(first: number, second: number, length: number): number {
  powers ??= powerTables();
  let shifted = first;
  let table = 0;
  for (let rest = length; rest > 0; rest >>>= 8) {
    const digit = rest & 0xff;
    if (digit !== 0) shifted = multiply(powers[table + digit]!, shifted);
    table += digitSize;
  }
  return (shifted ^ second) >>> 0;
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

function powerTables(): Uint32Array {
  const tables = new Uint32Array(digits * digitSize);
  let step = byteShift;
  for (let first = 0; first < tables.length; first += digitSize) {
    // x⁰, which multiplies by one.
    tables[first] = 0x80000000;
    for (let digit = 1; digit < digitSize; digit++)
      tables[first + digit] = multiply(tables[first + digit - 1]!, step);
    step = multiply(tables[first + digitSize - 1]!, step);
  }
  return tables;
}
