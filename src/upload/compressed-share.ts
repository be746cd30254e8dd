import { ContentCoding } from './content-coding.js';

/** Bytes of bodies after which the share is known well enough. */
const enough = 16 * 1024 * 1024;

/**
 * What `--gzip` leaves of an upload, as a share of its bytes, told by the first batch, the second, the fourth, the
 * eighth …: logs change on their way.
 *
 * @param bodyOf the body of a batch, as it would be sent
 */
export async function compressedShare<Batch>(
  batches: Iterable<Batch>,
  bodyOf: (batch: Batch) => Buffer,
): Promise<number> {
  const coding = new ContentCoding(true);
  let number = 0;
  let next = 1;
  let plain = 0;
  let wire = 0;
  for (const batch of batches) {
    number += 1;
    if (number < next) continue;
    next *= 2;
    const body = bodyOf(batch);
    plain += body.length;
    wire += (await coding.encode(body)).bytes.length;
    if (plain >= enough) break;
  }
  return plain === 0 ? 1 : wire / plain;
}
