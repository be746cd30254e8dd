import type { ElementScanner, ScannerPosition } from './element-scanner.js';
import { openBrace, openBracket } from './json-bytes.js';
import { JsonElementScanner } from './json-element-scanner.js';
import { JsonMemberScanner } from './json-member-scanner.js';
import type { Wrapper } from './json-wrapper.js';
import type { Warning } from './row.js';

/**
 * Finds the elements of the arrays of `wrapper` in a document, and in further documents that follow it.
 *
 * Everything else in a document is passed over: it describes the export (a total, a cursor, the next page), not a row.
 * Where that is a list of objects, or a whole document without such an array, a warning `wrapper_rest_ignored` names it.
 */
export class WrappedElementScanner implements ElementScanner {
  /** Paths of the arrays, as the walk tells them. */
  private readonly paths: ReadonlySet<string>;
  private readonly levels: number;
  private readonly limits: { maxDepth: number; maxRowBytes: number };
  private readonly members: JsonMemberScanner;
  /** The last array that was found. */
  private elements: JsonElementScanner;
  private inElements = false;
  private warnings: Warning[] = [];
  /** Offset in the input of the block's first byte. */
  private base = 0;
  private documentOffset = 0;
  private documentLine = 1;
  private foundInDocument = false;
  /** Whether the member at hand is an array on a level that is told. */
  private isList = false;
  private ignoredValue = false;

  constructor(wrapper: Wrapper, limits: { maxDepth: number; maxRowBytes: number }, at: number) {
    this.paths = new Set(wrapper.map((path) => path.join('.')));
    this.levels = Math.max(...wrapper.map((path) => path.length));
    this.limits = limits;
    this.members = new JsonMemberScanner(at);
    this.elements = new JsonElementScanner(limits, at);
  }

  get at(): number {
    return this.inElements ? this.elements.at : this.members.at;
  }

  get start(): number {
    return this.elements.start;
  }

  get end(): number {
    return this.elements.end;
  }

  set end(end: number) {
    this.elements.end = end;
  }

  get line(): number {
    return this.elements.line;
  }

  get tooDeep(): boolean {
    return this.elements.tooDeep;
  }

  get open(): boolean {
    return this.inElements && this.elements.open;
  }

  get openScalar(): boolean {
    return this.inElements && this.elements.openScalar;
  }

  get broken(): boolean {
    return this.elements.broken;
  }

  get inArray(): boolean {
    return this.inElements || this.members.inDocument;
  }

  get isBetween(): boolean {
    return this.inElements && this.elements.isBetween;
  }

  get position(): ScannerPosition {
    return (this.inElements ? this.elements : this.members).position;
  }

  resume(position: ScannerPosition): void {
    this.elements.resume(position);
  }

  shift(bytes: number): void {
    this.base += bytes;
    this.members.shift(bytes);
    this.elements.shift(bytes);
  }

  next(bytes: Buffer): boolean {
    for (;;) {
      if (this.inElements) {
        if (this.elements.next(bytes)) return true;
        if (!this.elements.closed) return false;
        this.members.resume(this.elements.position);
        this.inElements = false;
      }
      if (!this.seekArray(bytes)) return false;
    }
  }

  /** The warnings since the last call. */
  takeWarnings(): Warning[] {
    const warnings = this.warnings;
    this.warnings = [];
    return warnings;
  }

  /** Goes on to the array. False: it does not begin in these bytes. */
  private seekArray(bytes: Buffer): boolean {
    const members = this.members;
    for (;;) {
      const event = members.next(bytes);
      if (event === undefined) return false;
      const byte = bytes[members.at];
      switch (event) {
        case 'document':
          if (byte === openBrace) this.beginDocument();
          else this.ignoreValue();
          break;
        case 'member':
          this.isList = byte === openBracket && members.path.length <= this.levels;
          if (this.isList && this.paths.has(members.path.join('.'))) {
            this.foundInDocument = true;
            this.elements = new JsonElementScanner(this.limits, members.at, members.position);
            this.inElements = true;
            return true;
          }
          break;
        case 'element':
          if (this.isList && byte === openBrace)
            this.ignore('a list', this.base + members.at, members.position.line, members.path.join('.'));
          break;
        case 'end':
          if (!this.foundInDocument) this.ignore('a document', this.documentOffset, this.documentLine);
      }
    }
  }

  /** Tells the first of several values: what is no document may be any number of words. */
  private ignoreValue(): void {
    if (!this.ignoredValue) this.ignore('a value', this.base + this.members.at, this.members.position.line);
    this.ignoredValue = true;
  }

  private beginDocument(): void {
    this.ignoredValue = false;
    this.foundInDocument = false;
    this.isList = false;
    this.documentOffset = this.base + this.members.at;
    this.documentLine = this.members.position.line;
  }

  private ignore(what: string, offset: number, line: number, field?: string): void {
    this.warnings.push({
      code: 'wrapper_rest_ignored',
      message: `${what} at byte ${offset} beside the rows of ${[...this.paths].join(', ')} was not read`,
      line,
      ...(field === undefined ? {} : { field }),
    });
  }
}
