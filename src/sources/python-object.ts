/** Objects inside objects; deeper ones are no response of a model. */
const maxDepth = 100;

const constants = new Map<string, unknown>([
  ['None', null],
  ['True', true],
  ['False', false],
]);

const escapes = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

class NotReadable extends Error {}

/** Reads what Python's `repr` writes of data classes and pydantic models. */
class ObjectReader {
  private at = 0;

  constructor(private readonly text: string) {}

  read(): unknown {
    const value = this.value(0);
    if (this.at < this.text.length) throw new NotReadable();
    return value;
  }

  private value(depth: number): unknown {
    if (depth > maxDepth) throw new NotReadable();
    const character = this.text[this.at];
    if (character === "'" || character === '"') return this.string(character);
    if (character === '[') return this.list(']', depth);
    if (character === '(') return this.list(')', depth);
    if (character === '{') return this.entries('}', /\s*:\s*/y, depth);
    const number = this.match(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/y);
    if (number !== undefined) return Number(number);
    const name = this.match(/[A-Za-z_][\w.]*(?:\[[\w., ]*\])?/y);
    if (name === undefined) throw new NotReadable();
    if (this.text[this.at] === '(') return this.entries(')', /=/y, depth);
    if (!constants.has(name)) throw new NotReadable();
    return constants.get(name);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  private string(quote: string): string {
    let read = '';
    for (this.at += 1; this.text[this.at] !== quote; this.at += 1) {
      const character = this.text[this.at];
      if (character === undefined) throw new NotReadable();
      read += character === '\\' ? this.escape() : character;
    }
    this.at += 1;
    return read;
  }

  private escape(): string {
    this.at += 1;
    const code = this.match(/x[\da-f]{2}|u[\da-f]{4}|U[\da-f]{8}/y);
    if (code !== undefined) {
      this.at -= 1;
      const point = Number.parseInt(code.slice(1), 16);
      if (point > 0x10ffff) throw new NotReadable();
      return String.fromCodePoint(point);
    }
    const character = this.text[this.at] ?? '';
    return escapes.get(character) ?? character;
  }

  private list(end: string, depth: number): unknown[] {
    const list: unknown[] = [];
    this.at += 1;
    while (!this.ends(end)) {
      list.push(this.value(depth + 1));
      this.separate(end);
    }
    return list;
  }

  private entries(end: string, between: RegExp, depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    this.at += 1;
    while (!this.ends(end)) {
      const name = end === ')' ? this.match(/[A-Za-z_]\w*/y) : this.value(depth + 1);
      if (typeof name !== 'string' || this.match(between) === undefined) throw new NotReadable();
      entries.push([name, this.value(depth + 1)]);
      this.separate(end);
    }
    return Object.fromEntries(entries);
  }

  private ends(end: string): boolean {
    if (this.text[this.at] !== end) return false;
    this.at += 1;
    return true;
  }

  private separate(end: string): void {
    if (this.match(/,\s*/y) === undefined && this.text[this.at] !== end) throw new NotReadable();
  }
}

/**
 * The fields of a Python object in the form in which it prints itself: `Response(id='resp_1', output=[…])`. Classes
 * are left out. Undefined for every other text.
 */
export function readPythonObject(text: string): unknown {
  if (!/^[A-Z]\w*\(\w+=/.test(text)) return undefined;
  try {
    return new ObjectReader(text).read();
  } catch (error) {
    if (error instanceof NotReadable) return undefined;
    throw error;
  }
}
