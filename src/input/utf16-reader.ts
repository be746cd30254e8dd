import type { ByteReader } from './byte-reader.js';
import type { RowBatch, Warning } from './row.js';
import type { Utf16 } from './text-encoding.js';

/** Bytes of UTF-16 that are decoded at once. */
const pieceBytes = 64 * 1024;
const replacement = '\ufffd';
/** With the `u` flag it finds only the surrogates that are not one of a pair. */
const loneSurrogate = /\p{Surrogate}/gu;

/** Gives UTF-16 as UTF-8, with its byte order mark if there is one. */
export function utf16Reader(source: ByteReader, encoding: Utf16): ByteReader {
  const piece = Buffer.allocUnsafe(pieceBytes);
  let ready: Buffer = Buffer.alloc(0);
  /** Bytes at the front of `piece`: half a code unit, or the first half of a pair. */
  let carried = 0;
  let replaced = 0;

  function decode(length: number, ended: boolean): Buffer {
    let whole = length - (length % 2);
    const units = Buffer.from(piece.subarray(0, whole));
    if (encoding === 'UTF-16BE') units.swap16();
    const last = whole > 0 ? units.readUInt16LE(whole - 2) : 0;
    if (!ended && last >= 0xd800 && last <= 0xdbff) whole -= 2;
    let text = units.toString('utf16le', 0, whole);
    if (ended && length > whole) text += '\udfff';
    piece.copyWithin(0, whole, length);
    carried = ended ? 0 : length - whole;
    replaced += text.match(loneSurrogate)?.length ?? 0;
    return Buffer.from(text.replaceAll(loneSurrogate, replacement));
  }

  return {
    get damage() {
      return ready.length === 0 ? source.damage : undefined;
    },
    async read(into, at, length) {
      while (ready.length === 0) {
        const count = await source.read(piece, carried, pieceBytes - carried);
        if (count === 0 && carried === 0) return 0;
        ready = decode(carried + count, count === 0);
      }
      const count = ready.copy(into, at, 0, length);
      ready = ready.subarray(count);
      return count;
    },
    takeReplaced() {
      const count = replaced;
      replaced = 0;
      return count;
    },
    close: () => source.close(),
  };
}

/** The same batches, with a warning for each time that something in the text was no character. */
export async function* withReplacements(
  batches: AsyncIterable<RowBatch>,
  reader: ByteReader,
): AsyncGenerator<RowBatch> {
  let consumed = 0;
  for await (const batch of batches) {
    batch.warnings.push(...replacements(reader));
    yield batch;
    consumed = batch.consumed;
  }
  const warnings = replacements(reader);
  if (warnings.length > 0) yield { block: Buffer.alloc(0), rows: [], consumed, warnings };
}

function replacements(reader: ByteReader): Warning[] {
  const message = 'half of a UTF-16 pair is no character and was read as U+FFFD';
  return Array.from({ length: reader.takeReplaced?.() ?? 0 }, () => ({
    code: 'utf16_lone_surrogate',
    message,
  }));
}
