import { isObject } from '../../span/text.js';

/** How often a text is encoded as JSON on its way: within an input that is a JSON text itself, twice. */
export type Encodings = 1 | 2;

/** A text somewhere within a value. */
interface Place {
  holder: object;
  key: string | number;
  text: string;
  /** What it costs in the body of a request. */
  bytes: number;
}

/** More than the bytes of any mark of a cut. */
const markBytes = 40;

function markOf(characters: number): string {
  return `…[cut: ${characters} characters]`;
}

/** Images and documents are of no use in parts. */
function isMedia({ text, key }: Place): boolean {
  return key === 'base64' || /^data:[\w.+/-]*;base64,/.test(text);
}

function replace({ holder, key }: Place, value: string): void {
  // A plain assignment of `__proto__` would set the prototype and lose the value.
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

function bytesOf(text: string, encodings: Encodings): number {
  const once = JSON.stringify(text);
  return Buffer.byteLength(encodings === 1 ? once : JSON.stringify(once));
}

function placesOf(root: object, encodings: Encodings): Place[] {
  const places: Place[] = [];
  const waiting: object[] = [root];
  for (let holder = waiting.pop(); holder !== undefined; holder = waiting.pop()) {
    for (const [key, value] of Object.entries(holder)) {
      if (typeof value === 'string') {
        places.push({ holder, key, text: value, bytes: bytesOf(value, encodings) });
      } else if (isObject(value) || Array.isArray(value)) waiting.push(value);
    }
  }
  return places;
}

/** What one character costs. Of a control character all but the usual escapes are written in hexadecimal. */
function costOf(code: number, encodings: Encodings): number {
  const backslash = encodings;
  if (code === 0x22) return encodings === 1 ? 2 : 4;
  if (code === 0x5c) return encodings === 1 ? 2 : 4;
  if (code < 0x20) return backslash + (code >= 8 && code <= 13 && code !== 11 ? 1 : 5);
  if (code >= 0xd800 && code <= 0xdfff) return backslash + 5;
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

/** The beginning of a text that costs no more than so many bytes. Never half of a character. */
function beginning(text: string, bytes: number, encodings: Encodings): string {
  let left = bytes;
  let end = 0;
  while (end < text.length) {
    const code = text.codePointAt(end) ?? 0;
    left -= costOf(code, encodings);
    if (left < 0) break;
    end += code > 0xffff ? 2 : 1;
  }
  return text.slice(0, end);
}

/** The largest cost at which cutting everything dearer down to it saves enough; negative where nothing does. */
function levelOf(places: readonly Place[], excess: number): number {
  let sum = 0;
  for (const [index, { bytes }] of places.entries()) {
    sum += bytes;
    const level = Math.floor((sum - excess) / (index + 1));
    if (level >= (places[index + 1]?.bytes ?? 0)) return level;
  }
  return -1;
}

/**
 * Shortens the longest texts within a value, each with a mark of how much is gone, until at least `excess` bytes are
 * saved. Images and documents go first and as a whole. Changes the value; false where its texts cannot save as much.
 */
export function cutTexts(root: object, excess: number, encodings: Encodings): boolean {
  const places = placesOf(root, encodings).sort((left, right) => right.bytes - left.bytes);
  let left = excess;
  for (const place of places.filter(isMedia)) {
    if (left <= 0) return true;
    if (place.bytes <= markBytes) break;
    replace(place, markOf(place.text.length));
    left -= place.bytes - markBytes;
  }
  if (left <= 0) return true;
  const texts = places.filter((place) => !isMedia(place));
  const level = levelOf(texts, left);
  if (level < markBytes) return false;
  for (const place of texts) {
    if (place.bytes <= level) break;
    const kept = beginning(place.text, level - markBytes, encodings);
    replace(place, kept + markOf(place.text.length - kept.length));
  }
  return true;
}
