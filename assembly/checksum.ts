import { checksumTablesStart } from './memory';

/** The polynomial of zlib, its bits in reverse. */
const polynomial: u32 = 0xedb88320;
const tables: u32 = 16;
const tableShift: usize = 10;

/** Table k says what a byte does to the checksum when k more bytes come after it. */
export function fillChecksumTables(): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    let checksum = byte;
    for (let bit = 0; bit < 8; bit++) checksum = (checksum >>> 1) ^ ((checksum & 1) != 0 ? polynomial : 0);
    store<u32>(entryOf(0, byte), checksum);
  }
  for (let table: u32 = 1; table < tables; table++) {
    for (let byte: u32 = 0; byte < 256; byte++) {
      const before = load<u32>(entryOf(table - 1, byte));
      store<u32>(entryOf(table, byte), (before >>> 8) ^ load<u32>(entryOf(0, before & 0xff)));
    }
  }
}

/** CRC-32 as zlib has it, sixteen bytes at a time (Intel's slicing). */
export function checksumOf(from: usize, end: usize): u32 {
  let checksum: u32 = 0xffffffff;
  let at = from;
  while (at + 16 <= end) {
    checksum =
      sliceOf(12, checksum ^ load<u32>(at)) ^
      sliceOf(8, load<u32>(at, 4)) ^
      sliceOf(4, load<u32>(at, 8)) ^
      sliceOf(0, load<u32>(at, 12));
    at += 16;
  }
  while (at < end) {
    checksum = (checksum >>> 8) ^ load<u32>(entryOf(0, (checksum & 0xff) ^ load<u8>(at)));
    at++;
  }
  return ~checksum;
}

/** Four bytes, the last of which so many others follow. */
function sliceOf(following: u32, bytes: u32): u32 {
  return (
    load<u32>(entryOf(following + 3, bytes & 0xff)) ^
    load<u32>(entryOf(following + 2, (bytes >>> 8) & 0xff)) ^
    load<u32>(entryOf(following + 1, (bytes >>> 16) & 0xff)) ^
    load<u32>(entryOf(following, bytes >>> 24))
  );
}

function entryOf(table: u32, byte: u32): usize {
  return checksumTablesStart + ((<usize>table) << tableShift) + ((<usize>byte) << 2);
}
