/** A shorter id, one that begins with a lower byte, or one of zeros alone may be a way of saying that there is none. */
const plainLength: usize = 10;
const zero: u32 = 0x30;
const hyphen: u32 = 0x2d;

/**
 * Writes the hash of an id, its lower half first: that of `src/trace/hash.ts`. False where the id has to be read as a
 * text: it is not of ASCII, or may be none.
 */
export function hashId(target: usize, from: usize, end: usize, seed: u32): bool {
  const first: u32 = load<u8>(from);
  if (end - from < plainLength || first < zero || (first == zero && isZeros(from, end))) return false;
  let low: u32 = 0xdeadbeef ^ seed;
  let high: u32 = 0x41c6ce57 ^ seed;
  let all: u32 = 0;
  for (let at = from; at < end; at++) {
    const unit: u32 = load<u8>(at);
    all |= unit;
    low = (low ^ unit) * 0x9e3779b1;
    high = (high ^ unit) * 0x5f356495;
  }
  if (all > 0x7f) return false;
  low = ((low ^ (low >>> 16)) * 0x85ebca6b) ^ ((high ^ (high >>> 13)) * 0xc2b2ae35);
  high = ((high ^ (high >>> 16)) * 0x85ebca6b) ^ ((low ^ (low >>> 13)) * 0xc2b2ae35);
  store<u32>(target, low);
  store<u32>(target, high, 4);
  return true;
}

/** Of a UUID too. */
function isZeros(from: usize, end: usize): bool {
  for (let at = from; at < end; at++) {
    const byte: u32 = load<u8>(at);
    if (byte != zero && byte != hyphen) return false;
  }
  return true;
}
