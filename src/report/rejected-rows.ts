import type { InputFile } from '../input/input-file.js';
import { createRejectFile, type RejectFile } from './reject-file.js';

const lineEnd = Buffer.from('\n');

/**
 * Rejected rows, byte for byte and in their input's own format, so that the files can be mended and imported as they
 * are: one file per format, and for CSV one per header. Elements of a JSON array that are not JSON themselves would
 * spoil the array for the others, so they go to `unreadable.txt`.
 */
export class RejectedRows {
  private readonly directory: string;
  private readonly files = new Map<
    string,
    { file: RejectFile; begin: Buffer; end: Buffer; close: string; rows: number }
  >();

  constructor(directory: string) {
    this.directory = directory;
  }

  get paths(): string[] {
    return Array.from(this.files.values(), ({ file }) => file.path);
  }

  write(input: InputFile, row: Buffer): void {
    const target = this.fileFor(input, row);
    target.file.write(target.rows === 0 ? Buffer.alloc(0) : target.begin);
    target.file.write(row);
    target.file.write(target.end);
    target.rows += 1;
  }

  flush(): void {
    for (const { file } of this.files.values()) file.flush();
  }

  close(): void {
    for (const { file, close } of this.files.values()) {
      file.writeText(close);
      file.close();
    }
  }

  private fileFor({ format, header }: InputFile, row: Buffer) {
    const readable = format !== 'json' || isJson(row);
    const key = readable ? `${format} ${header?.toString('latin1') ?? ''}` : 'unreadable';
    const known = this.files.get(key);
    if (known) return known;
    const file = readable
      ? createRejectFile(this.directory, 'rejects', format)
      : createRejectFile(this.directory, 'unreadable', 'txt');
    const array = readable && format === 'json';
    const target = {
      file,
      begin: Buffer.from(array ? ',\n' : ''),
      end: array ? Buffer.alloc(0) : lineEndOf(header),
      close: array ? '\n]\n' : '',
      rows: 0,
    };
    this.files.set(key, target);
    if (array) file.writeText('[\n');
    if (header !== undefined && readable) {
      file.write(header);
      if (!header.toString('latin1').endsWith('\n')) file.write(lineEnd);
    }
    return target;
  }
}

function lineEndOf(header: Buffer | undefined): Buffer {
  return header?.toString('latin1').endsWith('\r\n') === true ? Buffer.from('\r\n') : lineEnd;
}

function isJson(row: Buffer): boolean {
  try {
    JSON.parse(row.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}
