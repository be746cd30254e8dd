import { openFile, readHead, streamReader, unread, type ByteReader } from './byte-reader.js';
import { defaultBlockBytes, type FramingOptions } from './byte-window.js';
import { decompress, detectCompression, magicBytes, type Reopen } from './compression.js';
import { parseRecord } from './csv-record-reader.js';
import { csvRows } from './csv-rows.js';
import type { InputFile, InputOptions } from './input-file.js';
import { resolveNames, type NamedInput } from './input-names.js';
import { readSample, sampleBytes, type Sample } from './input-sample.js';
import { jsonElements } from './json-elements.js';
import { jsonLines } from './json-lines.js';
import { parseJson } from './json-row.js';
import type { RowBatch } from './row.js';
import { detectEncoding, type TextEncoding } from './text-encoding.js';
import { utf16Reader, withReplacements } from './utf16-reader.js';

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
  const reopen: Reopen = path === undefined || input.bytes === undefined ? undefined : () => openFile(path);
  const source = path === undefined ? streamReader(name, stdin()) : await openFile(path);
  let reader = source;
  try {
    const magic = await readHead(source, magicBytes);
    const compression = detectCompression(name, magic);
    const unpack = decompress(compression);
    reader = unpack(name, unread(magic, source), reopen, options);
    const start = await readHead(reader, sampleBytes);
    const encoding = detectEncoding(name, start);
    reader = decode(unread(start, reader), encoding);
    const sample = await readSample(name, reader, options);

    let open: () => Promise<ByteReader>;
    if (reopen === undefined) {
      const kept = unread(sample.head, reader);
      open = () => Promise.resolve(kept);
    } else {
      await reader.close();
      open = async () => decode(unpack(name, await reopen(), reopen, options), encoding);
    }
    const framing = { maxRowBytes: options.maxRowBytes, maxDepth: options.maxDepth, blockBytes };
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
      rows: () => readRows(open, sample, framing, encoding),
      parse: (row) => parseRow(row, sample),
    };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

function decode(reader: ByteReader, encoding: TextEncoding): ByteReader {
  return encoding === 'UTF-8' ? reader : utf16Reader(reader, encoding);
}

function parseRow(row: Buffer, { table }: Sample): unknown {
  return table === undefined ? parseJson(row) : parseRecord(row, table.dialect, table.header.names);
}

async function* readRows(
  open: () => Promise<ByteReader>,
  sample: Sample,
  framing: FramingOptions,
  encoding: TextEncoding,
): AsyncGenerator<RowBatch> {
  const reader = await open();
  try {
    const batches = frame(reader, sample, framing);
    yield* encoding === 'UTF-8' ? batches : withReplacements(batches, reader);
  } finally {
    await reader.close();
  }
}

function frame(
  reader: ByteReader,
  { format, table, wrapper }: Sample,
  framing: FramingOptions,
): AsyncGenerator<RowBatch> {
  if (table !== undefined) return csvRows(reader, table.dialect, table.header, framing);
  return format === 'json' ? jsonElements(reader, framing, wrapper) : jsonLines(reader, framing);
}
