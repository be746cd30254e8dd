import { openFile, readHead, streamReader, unread, type ByteReader } from './byte-reader.js';
import { defaultBlockBytes, type FramingOptions } from './byte-window.js';
import { decompress, detectCompression, magicBytes, type Reopen } from './compression.js';
import { sniffLineEnd } from './csv-delimiter.js';
import { readCsvHeader, type CsvHeader } from './csv-header.js';
import type { CsvDialect } from './csv-record-scanner.js';
import { csvRows, parseRecord } from './csv-rows.js';
import type { InputFile, InputOptions } from './input-file.js';
import { resolveNames, type NamedInput } from './input-names.js';
import { jsonElements } from './json-elements.js';
import { jsonLines } from './json-lines.js';
import { parseJson } from './json-row.js';
import type { RowBatch } from './row.js';
import { sniffFormat, type SniffedFormat } from './sniff-format.js';
import { checkText } from './text-encoding.js';

/** Decompressed bytes at an input's beginning that tell its format. */
const sampleBytes = 64 * 1024;

/**
 * Opens every input, looks at its beginning and closes it again, so that a wrong name or a wrong file is found before a
 * row is read, and thousands of files do not hold thousands of descriptors.
 *
 * @param names paths, globs, or `-` for stdin
 * @param stdin called once, where `-` is among the names
 * @throws ImportError with exit code 2; its code says what is wrong: `input_missing`, `input_unreadable`,
 *   `input_is_folder`, `input_repeated`, `no_match`, `unsupported_compression`, `unsupported_encoding`, `binary_input`,
 *   `unknown_format`, `bad_csv_delimiter`, `bad_csv_header`, `too_many_columns`, `decompression_bomb`
 */
export async function openInputs(
  names: readonly string[],
  options: InputOptions,
  stdin: () => NodeJS.ReadableStream,
  blockBytes = defaultBlockBytes,
): Promise<InputFile[]> {
  const inputs: InputFile[] = [];
  for (const [index, input] of (await resolveNames(names)).entries()) {
    inputs.push(await openInput(index, input, options, stdin, blockBytes));
  }
  return inputs;
}

async function openInput(
  index: number,
  input: NamedInput,
  options: InputOptions,
  stdin: () => NodeJS.ReadableStream,
  blockBytes: number,
): Promise<InputFile> {
  const { name, path } = input;
  const reopen: Reopen = path === undefined || input.bytes === undefined ? undefined : () => openFile(path);
  const source = path === undefined ? streamReader(name, stdin()) : await openFile(path);
  let reader = source;
  try {
    const magic = await readHead(source, magicBytes);
    const compression = detectCompression(name, magic);
    const unpack = decompress(compression);
    reader = unpack(name, unread(magic, source), reopen, options);
    const sample = await readSample(name, reader, options);

    let open: () => Promise<ByteReader>;
    if (reopen === undefined) {
      const kept = unread(sample.head, reader);
      open = () => Promise.resolve(kept);
    } else {
      await reader.close();
      open = async () => unpack(name, await reopen(), reopen, options);
    }
    const framing = { maxRowBytes: options.maxRowBytes, maxDepth: options.maxDepth, blockBytes };
    return {
      index,
      name,
      path,
      compression,
      bytes: input.bytes,
      format: sample.format,
      header: sample.table?.header.raw,
      rereadable: reopen !== undefined && compression === 'none',
      empty: sample.empty,
      rows: () => frame(open, sample, framing),
      parse: (row) => parseRow(row, sample),
    };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

interface Sample extends SniffedFormat {
  /** Every byte that was read, so that an input that cannot be opened twice can go on behind it. */
  head: Buffer;
  table: { header: CsvHeader; dialect: CsvDialect } | undefined;
}

async function readSample(name: string, reader: ByteReader, options: InputOptions): Promise<Sample> {
  let head = await readHead(reader, sampleBytes);
  let whole = head.length < sampleBytes;
  checkText(name, head);
  const sniffed = sniffFormat(name, head, whole && reader.damage === undefined, options);
  if (sniffed.empty || (sniffed.format !== 'csv' && sniffed.format !== 'tsv')) {
    return { ...sniffed, head, table: undefined };
  }
  const dialect = { delimiter: sniffed.delimiter, lineEnd: sniffLineEnd(head) };
  for (;;) {
    const header = await readCsvHeader(name, head, whole || head.length > options.maxRowBytes, dialect);
    if (header !== undefined) return { ...sniffed, head, table: { header, dialect } };
    const more = await readHead(reader, head.length);
    whole = more.length < head.length;
    head = Buffer.concat([head, more]);
  }
}

function parseRow(row: Buffer, { table }: Sample): unknown {
  return table === undefined ? parseJson(row) : parseRecord(row, table.dialect, table.header);
}

async function* frame(
  open: () => Promise<ByteReader>,
  sample: Sample,
  framing: FramingOptions,
): AsyncGenerator<RowBatch> {
  const reader = await open();
  try {
    if (sample.table !== undefined)
      yield* csvRows(reader, sample.table.dialect, sample.table.header, framing);
    else if (sample.format === 'json') yield* jsonElements(reader, framing);
    else yield* jsonLines(reader, framing);
  } finally {
    await reader.close();
  }
}
