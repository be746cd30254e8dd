import { longFrom } from './json-text.js';
import { isObject } from './text.js';

/** Shorter rows hold nothing worth the search. */
const shortestRow = 400;
/** Strings are asked for in about the order of the row: one that is not near the last is as good as new. */
const mostLookedAt = 64;
/** Rows of more long strings are not read to the end. */
const mostStrings = 2000;
/** Rows that are left unread where the one before held few long strings. */
const passedOver = 100;

const unitEscape = Buffer.from('\\u');

const [quote, backslash, comma, colon, slash] = [0x22, 0x5c, 0x2c, 0x3a, 0x2f] as const;
const [openBrace, closeBrace, openBracket, closeBracket, letterU] = [0x7b, 0x7d, 0x5b, 0x5d, 0x75] as const;

/** A list or an object that is being read. */
class Level {
  isList = false;
  /** Of the item that is read, in a list. */
  index = 0;
  /** Where the key of the member that is read begins and ends, quotes included. */
  keyStart = 0;
  keyEnd = 0;
  /** The parsed value, once a string below it was looked up. */
  value: unknown;

  begin(isList: boolean): void {
    this.isList = isList;
    this.index = 0;
    this.keyStart = 0;
    this.keyEnd = 0;
    this.value = undefined;
  }
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
  /** The row, a character for each byte: to search that takes no call out of JavaScript. */
  private bytes = '';
  /** The first backslash that no string before has passed. */
  private nextBackslash = 0;
  /** Whether `JSON.stringify` escapes as the string does that was passed last. */
  private isUsual = true;
  /** Whether a backslash stands before a `u`; undefined where the row is not read to its end. */
  private escapesUnits: boolean | undefined;
  /** One for each depth, for all rows. */
  private readonly levels: Level[] = [];
  private depth = 0;

  /** Goes to the next row: its bytes, and what `JSON.parse` made of them. Both are only lent. */
  begin(row: Buffer, value: unknown): void {
    this.row = row;
    this.value = value;
    this.strings.length = 0;
    this.last = 0;
    this.escapesUnits = undefined;
    this.toPass -= 1;
    this.isRead = row.length < shortestRow || this.toPass > 0;
  }

  /**
   * Whether an escape in the row, or in a JSON text in one of its strings, may write half of a character. No other
   * bytes of UTF-8 can.
   */
  mayHoldHalves(): boolean {
    if (!this.isRead) this.read();
    return this.escapesUnits ?? this.row.includes(unitEscape);
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
    this.bytes = row.toString('latin1');
    this.nextBackslash = -1;
    this.escapesUnits = false;
    this.depth = 0;
    let level: Level | undefined;
    let atKey = false;
    let longBytes = 0;
    for (let at = 0; at < row.length; at++) {
      switch (row[at] ?? 0) {
        case quote: {
          const end = this.endOfString(at + 1);
          if (atKey && level !== undefined) {
            level.keyStart = at;
            level.keyEnd = end;
          } else if (end - at - 2 >= longFrom) {
            longBytes += end - at;
            this.add(this.valueRead(), at, end);
            if (this.strings.length > mostStrings) {
              this.strings.length = 0;
              this.escapesUnits = undefined;
              return;
            }
          }
          at = end - 1;
          break;
        }
        case openBrace:
        case openBracket:
          atKey = row[at] === openBrace;
          level = this.deeper(!atKey);
          break;
        case closeBrace:
        case closeBracket:
          this.depth -= 1;
          level = this.levels[this.depth - 1];
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

  private deeper(isList: boolean): Level {
    const level = (this.levels[this.depth] ??= new Level());
    this.depth += 1;
    level.begin(isList);
    return level;
  }

  /** Behind the closing quote of the string whose characters begin at `from`; sets `isUsual`. */
  private endOfString(from: number): number {
    const { row, bytes } = this;
    this.isUsual = true;
    if (this.nextBackslash < from) this.nextBackslash = this.backslashFrom(from);
    let closing = bytes.indexOf('"', from);
    while (this.nextBackslash < closing) {
      const escaped = bytes.charCodeAt(this.nextBackslash + 1);
      // What `JSON.stringify` would write in another way, or might.
      if (escaped === letterU || escaped === slash) this.isUsual = false;
      const at = this.nextBackslash + 2;
      const ofText = escaped === backslash && bytes.charCodeAt(at) === letterU;
      if (escaped === letterU || ofText) this.escapesUnits = true;
      this.nextBackslash = this.backslashFrom(at);
      if (closing < at) closing = bytes.indexOf('"', at);
    }
    return closing === -1 ? row.length : closing + 1;
  }

  private backslashFrom(at: number): number {
    const found = this.bytes.indexOf('\\', at);
    return found === -1 ? this.row.length : found;
  }

  /**
   * Of a key that comes twice `JSON.parse` keeps the last value, and both occurrences lead to it: the later one counts,
   * also where its escapes are unusual. A short one is not looked at, but it is never asked for either.
   */
  private add(value: unknown, start: number, end: number): void {
    if (typeof value !== 'string') return;
    const known = this.strings.indexOf(value);
    const place = known === -1 ? this.strings.length : known;
    this.strings[place] = this.isUsual ? value : '';
    this.starts[place] = start;
    this.ends[place] = end;
  }

  /** The value that is read, by the keys that lead to it. */
  private valueRead(): unknown {
    let { value } = this;
    for (let depth = 0; depth < this.depth; depth++) {
      const level = this.levels[depth]!;
      level.value ??= value;
      value = this.below(level);
    }
    return value;
  }

  private below({ value, isList, index, keyStart, keyEnd }: Level): unknown {
    if (isList) return Array.isArray(value) ? value[index] : undefined;
    if (!isObject(value)) return undefined;
    const name = this.nameAt(keyStart, keyEnd);
    return typeof name === 'string' && Object.hasOwn(value, name) ? value[name] : undefined;
  }

  private nameAt(start: number, end: number): unknown {
    const name = this.bytes.slice(start + 1, end - 1);
    return isPlain.test(name) ? name : JSON.parse(this.row.toString('utf8', start, end));
  }
}

/** Characters that are the same in every encoding, without escapes. */
const isPlain = /^[ !#-[\]-~]*$/;
