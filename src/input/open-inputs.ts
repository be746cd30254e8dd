import { openFile, openRegularFile, readHead, streamReader, unread, type ByteReader } from './byte-reader.js';
import { defaultBlockBytes, type FramingOptions } from './byte-window.js';
import { decompress, detectCompression, magicBytes, type Reopen } from './compression.js';
import type { InputFile, InputOptions } from './input-file.js';
import { resolveNames, type NamedInput } from './input-names.js';
import { readSample, sampleBytes, type Sample } from './input-sample.js';
import { jsonLines } from './json-lines.js';
import { parseJson } from './json-row.js';
import type { RowBatch } from './row.js';
import { detectEncoding, type TextEncoding } from './text-encoding.js';

/**
 * Opens every input, looks at its beginning and closes it again, so that a wrong name or a wrong file is found before a
 * row is read, and thousands of files do not hold thousands of descriptors.
 *
 * @param names paths, folders, globs, or `-` for stdin
 * @param stdin called once, where `-` is among the names
 * @throws ImportError with exit code 2; its code says what is wrong: `input_missing`, `input_unreadable`,
 *   `input_repeated`, `no_match`, `unsupported_compression`, `unsupported_encoding`, `binary_input`,
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
  const reopen: Reopen =
    path === undefined || input.bytes === undefined ? undefined : () => openRegularFile(path);
  const source = path === undefined ? streamReader(name, stdin()) : await (reopen?.() ?? openFile(path));
  let reader = source;
  try {
    const magic = await readHead(source, magicBytes);
    const compression = detectCompression(name, magic);
    const unpack = decompress(compression);
    reader = unpack(name, unread(magic, source), reopen, options);
    const start = await readHead(reader, sampleBytes);
    const encoding = detectEncoding(name, start);
    const { decode, repair } = await decoderOf(encoding);
    reader = decode(unread(start, reader));
    const sample = await readSample(name, reader, options);
    const framing = await framingOf(sample);

    let open: () => Promise<ByteReader>;
    if (reopen === undefined) {
      const kept = unread(sample.head, reader);
      open = () => Promise.resolve(kept);
    } else {
      await reader.close();
      open = async () => decode(unpack(name, await reopen(), reopen, options));
    }
    const limits = { maxRowBytes: options.maxRowBytes, maxDepth: options.maxDepth, blockBytes };
    return {
      index,
      name,
      path,
      compression,
      bytes: encoding === 'UTF-8' ? input.bytes : undefined,
      format: sample.format,
      header: sample.table?.header.raw,
      rereadable: reopen !== undefined && compression === 'none' && encoding === 'UTF-8',
      empty: sample.empty,
      rows: (digester) => {
        const reading = encoding === 'UTF-8' ? { ...limits, digester } : limits;
        return readRows(open, (opened) => repair(framing.rows(opened, reading), opened));
      },
      parse: framing.parse,
    };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

async function* readRows(
  open: () => Promise<ByteReader>,
  rows: (reader: ByteReader) => AsyncGenerator<RowBatch>,
): AsyncGenerator<RowBatch> {
  const reader = await open();
  try {
    yield* rows(reader);
  } finally {
    await reader.close();
  }
}

interface Decoder {
  decode: (reader: ByteReader) => ByteReader;
  /** Rows whose text was not what the encoding says, with warnings about them. */
  repair: (rows: AsyncGenerator<RowBatch>, reader: ByteReader) => AsyncGenerator<RowBatch>;
}

/** Few inputs need more than one encoding or framing: each is loaded when an input is in it. */
async function decoderOf(encoding: TextEncoding): Promise<Decoder> {
  if (encoding === 'UTF-8') return { decode: (reader) => reader, repair: (rows) => rows };
  const { utf16Reader, withReplacements } = await import('./utf16-reader.js');
  return { decode: (reader) => utf16Reader(reader, encoding), repair: withReplacements };
}

interface Framing {
  rows: (reader: ByteReader, limits: FramingOptions) => AsyncGenerator<RowBatch>;
  /** One row, by its own bytes. */
  parse: (row: Buffer) => unknown;
}

async function framingOf({ format, table, wrapper }: Sample): Promise<Framing> {
  if (table !== undefined) {
    const { parseRecord } = await import('./csv-record-reader.js');
    const { csvRows } = await import('./csv-rows.js');
    const { dialect, header } = table;
    return {
      rows: (reader, limits) => csvRows(reader, dialect, header, limits),
      parse: (row) => parseRecord(row, dialect, header.names),
    };
  }
  if (format !== 'json') return { rows: jsonLines, parse: parseJson };
  const { jsonElements } = await import('./json-elements.js');
  return { rows: (reader, limits) => jsonElements(reader, limits, wrapper), parse: parseJson };
}
