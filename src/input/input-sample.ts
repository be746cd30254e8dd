import { readHead, type ByteReader } from './byte-reader.js';
import { sniffLineEnd } from './csv-delimiter.js';
import type { CsvHeader } from './csv-header.js';
import type { CsvDialect } from './csv-record-scanner.js';
import type { InputOptions } from './input-file.js';
import { findWrapper, type Wrapper } from './json-wrapper.js';
import { sniffFormat, type SniffedFormat } from './sniff-format.js';

/** Bytes of text at an input's beginning that tell its format. */
export const sampleBytes = 64 * 1024;
/** The same of one JSON object that is longer: its list may begin late, and another object may follow. */
const wrapperSampleBytes = 1024 * 1024;

/** What the beginning of an input tells. */
export interface Sample extends SniffedFormat {
  /** Every byte that was read, so that an input that cannot be opened twice can go on behind it. */
  head: Buffer;
  /** For `csv` and `tsv`. */
  table: { header: CsvHeader; dialect: CsvDialect } | undefined;
  /** For `json`: where the rows are in one object around them. */
  wrapper: Wrapper | undefined;
}

export async function readSample(name: string, reader: ByteReader, options: InputOptions): Promise<Sample> {
  const head = await readHead(reader, sampleBytes);
  const whole = head.length < sampleBytes;
  const sniffed = sniffFormat(name, head, whole && reader.damage === undefined, options);
  if (sniffed.empty) return { ...sniffed, head, table: undefined, wrapper: undefined };
  if (sniffed.format === 'csv' || sniffed.format === 'tsv') {
    return readTable(name, reader, options, sniffed, head);
  }
  // One line of JSON Lines and a compact document are the same bytes, unless the user says which.
  if (options.format === 'jsonl') return { ...sniffed, head, table: undefined, wrapper: undefined };
  return readWrapper(reader, sniffed, head);
}

async function readTable(
  name: string,
  reader: ByteReader,
  options: InputOptions,
  sniffed: SniffedFormat,
  sampled: Buffer,
): Promise<Sample> {
  const { readCsvHeader } = await import('./csv-header.js');
  const dialect = { delimiter: sniffed.delimiter, lineEnd: sniffLineEnd(sampled) };
  let head = sampled;
  let whole = head.length < sampleBytes;
  for (;;) {
    const header = await readCsvHeader(name, head, whole || head.length > options.maxRowBytes, dialect);
    if (header !== undefined) return { ...sniffed, head, table: { header, dialect }, wrapper: undefined };
    const more = await readHead(reader, head.length);
    whole = more.length < head.length;
    head = Buffer.concat([head, more]);
  }
}

async function readWrapper(reader: ByteReader, sniffed: SniffedFormat, sampled: Buffer): Promise<Sample> {
  let head = sampled;
  let found = findWrapper(head);
  if (found.more && head.length === sampleBytes) {
    head = Buffer.concat([head, await readHead(reader, wrapperSampleBytes - head.length)]);
    found = findWrapper(head);
  }
  const { wrapper } = found;
  return {
    ...sniffed,
    format: wrapper === undefined ? sniffed.format : 'json',
    head,
    table: undefined,
    wrapper,
  };
}
