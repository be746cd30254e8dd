import { define } from '../span/define.js';
import { Kind, type RowScanner } from './row-scanner.js';
import { ShortTexts } from './short-texts.js';

/** Of the texts in a container, rules read none that is longer than this: names, roles, types. Bytes. */
const longestRead = 16;
/** What stands for the others. No rule that asks for a certain text takes it. */
const unreadText = 'x'.repeat(256);

/** Values of the row that a scanner read last, built from its entries where a rule has to see them. */
export class ScannedValues {
  private readonly texts = new ShortTexts();

  constructor(private readonly scanner: RowScanner) {}

  /** A text as it is. */
  text(entry: number): string {
    const { scanner, texts } = this;
    const start = scanner.start(entry);
    const end = scanner.end(entry);
    return scanner.kind(entry) === Kind.escapedText
      ? JSON.parse(scanner.bytes.toString('utf8', start - 1, end + 1))
      : texts.get(scanner.bytes, start, end);
  }

  /** A value as it is, but for long texts in what it holds. */
  value(entry: number): unknown {
    const { scanner } = this;
    switch (scanner.kind(entry)) {
      case Kind.text:
      case Kind.escapedText:
      case Kind.longText:
        return this.text(entry);
      case Kind.true:
        return true;
      case Kind.false:
        return false;
      case Kind.null:
        return null;
      case Kind.object:
        return this.members(entry, true);
      case Kind.array:
        return this.array(entry);
      default:
        return Number(scanner.bytes.toString('latin1', scanner.start(entry), scanner.end(entry)));
    }
  }

  /** An object with the names of the one that stands there, and nothing in it. */
  named(entry: number): Record<string, unknown> {
    return this.members(entry, false);
  }

  private members(entry: number, areRead: boolean): Record<string, unknown> {
    const { scanner } = this;
    const members: Record<string, unknown> = {};
    const after = scanner.next(entry);
    for (let name = entry + 1; name < after; name = scanner.next(name + 1))
      define(members, this.text(name), areRead ? this.held(name + 1) : undefined);
    return members;
  }

  private array(entry: number): unknown[] {
    const { scanner } = this;
    const items: unknown[] = [];
    const after = scanner.next(entry);
    for (let item = entry + 1; item < after; item = scanner.next(item)) items.push(this.held(item));
    return items;
  }

  private held(entry: number): unknown {
    const { scanner } = this;
    const kind = scanner.kind(entry);
    const isLong =
      kind === Kind.longText ||
      ((kind === Kind.text || kind === Kind.escapedText) &&
        scanner.end(entry) - scanner.start(entry) > longestRead);
    return isLong ? unreadText : this.value(entry);
  }
}
