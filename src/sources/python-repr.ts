import { asText, parseJsonContainer } from '../span/text.js';

/** Containers inside containers; deeper ones are no data of a span. */
const maxDepth = 200;

const words = new Map<string, unknown>([
  ['None', null],
  ['nan', null],
  ['NaN', null],
  ['null', null],
  ['True', true],
  ['true', true],
  ['False', false],
  ['false', false],
]);

const escapes = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
  ['a', '\x07'],
  ['0', '\0'],
  ['\n', ''],
]);

class NoRepr extends Error {}

class ReprReader {
  private at = 0;

  constructor(private readonly text: string) {}

  read(): unknown {
    const value = this.value(0);
    this.skipSpace();
    if (this.at < this.text.length) throw new NoRepr();
    return value;
  }

  private skipSpace(): void {
    while (this.at < this.text.length && /\s/.test(this.text[this.at]!)) this.at += 1;
  }

  private peek(): string {
    this.skipSpace();
    return this.text[this.at] ?? '';
  }

  private expect(character: string): void {
    if (this.peek() !== character) throw new NoRepr();
    this.at += 1;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private value(depth: number): unknown {
    if (depth > maxDepth) throw new NoRepr();
    switch (this.peek()) {
      case '{':
        return this.dictionary(depth);
      case '[':
        return this.sequence('[', ']', depth);
      case '(':
        return this.sequence('(', ')', depth);
      case "'":
      case '"':
        return this.string();
      default:
        return this.scalar(depth);
    }
  }

  private dictionary(depth: number): unknown {
    this.expect('{');
    const entries: [string, unknown][] = [];
    while (this.peek() !== '}') {
      const key = this.value(depth + 1);
      if (typeof key === 'object' && key !== null) throw new NoRepr();
      this.expect(':');
      entries.push([asText(key), this.value(depth + 1)]);
      if (this.peek() === ',') this.at += 1;
      else if (this.peek() !== '}') throw new NoRepr();
    }
    this.at += 1;
    return Object.fromEntries(entries);
  }

  /** Between the elements of a numpy array there are no commas. */
  private sequence(open: string, close: string, depth: number): unknown[] {
    this.expect(open);
    const items: unknown[] = [];
    while (this.peek() !== close) {
      items.push(this.value(depth + 1));
      if (this.peek() === ',') this.at += 1;
    }
    this.at += 1;
    return items;
  }

  private string(): string {
    const quote = this.text[this.at]!;
    let result = '';
    this.at += 1;
    for (;;) {
      const character = this.text[this.at];
      if (character === undefined) throw new NoRepr();
      this.at += 1;
      if (character === quote) return result;
      result += character === '\\' ? this.escape() : character;
    }
  }

  private escape(): string {
    const coded = this.match(/x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|U[\dA-Fa-f]{8}/y);
    if (coded !== undefined) {
      const code = Number.parseInt(coded.slice(1), 16);
      if (code > 0x10ffff) throw new NoRepr();
      return String.fromCodePoint(code);
    }
    const character = this.text[this.at];
    if (character === undefined) throw new NoRepr();
    this.at += 1;
    return escapes.get(character) ?? (/[\\'"]/.test(character) ? character : `\\${character}`);
  }

  private scalar(depth: number): unknown {
    const number = this.match(/[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?(?![\w.])/iy);
    // Integers beyond 2^53 stay texts: as numbers they would lose digits.
    if (number !== undefined) {
      const value = Number(number);
      return Number.isInteger(value) && !Number.isSafeInteger(value) ? number : value;
    }
    if (this.match(/array(?=\()/y) !== undefined) return this.array(depth);
    if (this.match(/(?:UUID|Decimal)(?=\(['"])/y) !== undefined) return this.quoted();
    const word = this.match(/[A-Za-z]+(?!\w|\()/y);
    if (word === undefined || !words.has(word)) throw new NoRepr();
    return words.get(word);
  }

  /** `UUID('…')` and `Decimal('…')`, as their texts. */
  private quoted(): string {
    this.expect('(');
    const text = this.string();
    this.expect(')');
    return text;
  }

  /** `array([…], dtype=object)` of numpy. */
  private array(depth: number): unknown {
    this.expect('(');
    const items = this.value(depth + 1);
    if (this.peek() === ',') this.match(/,\s*dtype=[^()]*/y);
    this.expect(')');
    return items;
  }
}

/**
 * The dictionary or list that a text writes as Python's `repr` does, which is how pandas puts containers into CSV
 * cells: `[{'role': 'user', 'content': None}]`, also `array([…], dtype=object)` and the arrays of numpy without commas,
 * `UUID('…')` and `Decimal('…')`.
 * Undefined for every other text, and for literals with objects that are no data (`<Foo at 0x…>`, `datetime(…)`).
 */
export function parsePythonContainer(text: string): object | undefined {
  if (!/^\s*(?:[[{(]|array\()/.test(text)) return undefined;
  try {
    const value = new ReprReader(text).read();
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch (error) {
    if (error instanceof NoRepr) return undefined;
    throw error;
  }
}

/** The container that a value is, or that its text writes as JSON or as Python does; other values as they are. */
export function readContainer(value: unknown): unknown {
  return typeof value === 'string'
    ? (parseJsonContainer(value) ?? parsePythonContainer(value) ?? value)
    : value;
}
