import { longFrom } from './json-text.js';
import { isObject } from './text.js';

/** Shorter rows hold nothing worth the search. */
const shortestRow = 400;
/** Strings are asked for in about the order of the row: one that is not near the last is as good as new. */
const mostLookedAt = 64;
/** A string is walked for so many bytes; only then does a native search pay for its call. */
const walkedBytes = 24;
/** Rows of more long strings are not read to the end. */
const mostStrings = 2000;
/** Rows that are left unread where the one before held few long strings. */
const passedOver = 100;

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a] as const;
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d] as const;
const unicodeEscape = Buffer.from('\\u');
const escapedSlash = Buffer.from('\\/');

interface Level {
  isList: boolean;
  /** Of the item that is read, in a list. */
  index: number;
  /** Where the key of the member that is read begins and ends, quotes included. */
  keyStart: number;
  keyEnd: number;
  /** The parsed value, once a string below it was looked up. */
  value: unknown;
}

/**
 * The long strings of a JSON row and where they stand in its bytes, escaped as `JSON.stringify` escapes: to write one
 * into a span, its bytes are copied. Read only once a string is asked for.
 */
export class WrittenStrings {
  row: Buffer = Buffer.alloc(0);
  /** Where the string that was found last stands, quotes included. */
  start = 0;
  end = 0;
  private value: unknown;
  private isRead = true;
  private toPass = 0;
  private readonly strings: string[] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private last = 0;

  /** Goes to the next row: its bytes, and what `JSON.parse` made of them. Both are only lent. */
  begin(row: Buffer, value: unknown): void {
    this.row = row;
    this.value = value;
    this.strings.length = 0;
    this.last = 0;
    this.toPass -= 1;
    this.isRead = row.length < shortestRow || this.toPass > 0;
  }

  /** True where the row's bytes from `start` to `end` are `JSON.stringify` of the text. */
  find(text: string): boolean {
    if (!this.isRead) this.read();
    const count = this.strings.length;
    for (let step = Math.min(count, mostLookedAt); step > 0; step--) {
      if (this.last >= count) this.last = 0;
      if (this.strings[this.last] === text) {
        this.start = this.starts[this.last]!;
        this.end = this.ends[this.last]!;
        this.last += 1;
        return true;
      }
      this.last += 1;
    }
    return false;
  }

  private read(): void {
    this.isRead = true;
    const { row } = this;
    const levels: Level[] = [];
    let level: Level | undefined;
    let atKey = false;
    let longBytes = 0;
    const escapes = [new NextIn(row, unicodeEscape), new NextIn(row, escapedSlash)];
    for (let at = 0; at < row.length; at++) {
      switch (row[at] ?? 0) {
        case quote: {
          const end = endOfString(row, at + 1);
          if (atKey && level !== undefined) {
            level.keyStart = at;
            level.keyEnd = end;
          } else if (end - at - 2 >= longFrom) {
            longBytes += end - at;
            const isUsual = escapes.every((escape) => escape.from(at) >= end);
            this.add(this.valueAt(levels), at, end, isUsual);
            if (this.strings.length > mostStrings) {
              this.strings.length = 0;
              return;
            }
          }
          at = end - 1;
          break;
        }
        case openBrace:
        case openBracket:
          atKey = row[at] === openBrace;
          level = { isList: !atKey, index: 0, keyStart: 0, keyEnd: 0, value: undefined };
          levels.push(level);
          break;
        case closeBrace:
        case closeBracket:
          levels.pop();
          level = levels.at(-1);
          atKey = false;
          break;
        case colon:
          atKey = false;
          break;
        case comma:
          if (level !== undefined) level.index += 1;
          atKey = level?.isList === false;
          break;
        default:
      }
    }
    if (longBytes * 2 < row.length) this.toPass = passedOver;
  }

  /**
   * Of a key that comes twice `JSON.parse` keeps the last value, and both occurrences lead to it: the later one counts,
   * also where its escapes are unusual. A short one is not looked at, but it is never asked for either.
   */
  private add(value: unknown, start: number, end: number, isUsual: boolean): void {
    if (typeof value !== 'string') return;
    const known = this.strings.indexOf(value);
    const place = known === -1 ? this.strings.length : known;
    this.strings[place] = value;
    this.starts[place] = start;
    this.ends[place] = end;
    if (!isUsual) this.strings[place] = '';
  }

  /** The value that is read, by the keys that lead to it. */
  private valueAt(levels: readonly Level[]): unknown {
    let { value } = this;
    for (const level of levels) {
      level.value ??= value;
      value = this.below(level);
    }
    return value;
  }

  private below({ value, isList, index, keyStart, keyEnd }: Level): unknown {
    if (isList) return Array.isArray(value) ? value[index] : undefined;
    if (!isObject(value)) return undefined;
    const key = this.row.toString('utf8', keyStart + 1, keyEnd - 1);
    const name: unknown = key.includes('\\') ? JSON.parse(`"${key}"`) : key;
    return typeof name === 'string' && Object.hasOwn(value, name) ? value[name] : undefined;
  }
}

/** Finds an escape that `JSON.stringify` would write in another way, or might; to be asked for rising places. */
class NextIn {
  private next = -1;

  constructor(
    private readonly row: Buffer,
    private readonly escape: Buffer,
  ) {}

  from(at: number): number {
    if (this.next >= at) return this.next;
    const found = this.row.indexOf(this.escape, at);
    this.next = found === -1 ? this.row.length : found;
    return this.next;
  }
}

/** Behind the closing quote of a string, from a place in it that is not behind a backslash. */
function endOfString(row: Buffer, from: number): number {
  let at = from;
  for (const walked = from + walkedBytes; at < walked; at++) {
    const byte = row[at];
    if (byte === quote || byte === undefined) return at + 1;
    if (byte === backslash) at += 1;
  }
  for (;;) {
    const found = row.indexOf(quote, at);
    if (found === -1) return row.length;
    let backslashes = 0;
    while (found - backslashes > at && row[found - backslashes - 1] === backslash) backslashes += 1;
    if (backslashes % 2 === 0) return found + 1;
    at = found + 1;
  }
}
