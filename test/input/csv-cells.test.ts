import { Readable } from 'node:stream';
import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { streamReader } from '../../src/input/byte-reader.js';
import { readCsvHeader } from '../../src/input/csv-header.js';
import type { CsvDialect } from '../../src/input/csv-record-scanner.js';
import { csvRows } from '../../src/input/csv-rows.js';

const names = ['a', 'b', '__proto__', '1'];

/** The bytes of each row, and its cells by name or the code of its problem. */
async function readAll(
  content: string,
  dialect: CsvDialect,
  blockBytes: number,
): Promise<{ record: string; outcome: unknown }[]> {
  const bytes = Buffer.from(content);
  const header = await readCsvHeader('test', bytes, true, dialect);
  if (header === undefined) throw new Error('no header');
  const reader = streamReader('test', Readable.from([bytes]));
  const rows = [];
  for await (const batch of csvRows(reader, dialect, header, {
    maxRowBytes: 1024 * 1024,
    maxDepth: 10,
    blockBytes,
  })) {
    for (const { start, end, value, problem } of batch.rows) {
      rows.push({
        record: batch.block.toString('utf8', start, end),
        outcome: problem?.code ?? ownEntries(value),
      });
    }
  }
  return rows;
}

function ownEntries(value: unknown): [string, unknown][] {
  return names.flatMap((name) => {
    const property = Object.getOwnPropertyDescriptor(value, name);
    return property === undefined ? [] : [[name, property.value]];
  });
}

/** What csv-parse reads in the same bytes. */
function reference(record: string, { delimiter, lineEnd }: CsvDialect): unknown {
  const [cells = []] = parse(record, {
    delimiter,
    record_delimiter: lineEnd === 0x0d ? ['\r'] : ['\r\n', '\n'],
    relax_column_count: true,
    relax_quotes: true,
  });
  if (cells.slice(names.length).some((cell) => cell !== '')) return 'csv_surplus_cells';
  return cells.slice(0, names.length).map((cell, index) => [names[index], cell]);
}

const dialects = fc.record<CsvDialect>({
  delimiter: fc.constantFrom(',', ';', '\t', '|', ' ', 'x'),
  lineEnd: fc.constantFrom(0x0a, 0x0d),
});
const pieces = fc.constantFrom(
  'delimiter',
  'delimiter',
  'line end',
  '"',
  '""',
  '"a"',
  '"say ""hi"" twice"',
  'a',
  ' ',
  'é',
  '😀',
  '\r',
  '\n',
  '\r\n',
  '\0',
  'text '.repeat(20),
);

describe('the cells of a CSV record', () => {
  it('are those that csv-parse reads, in any text of any dialect', async () => {
    await fc.assert(
      fc.asyncProperty(
        dialects,
        fc.array(pieces, { maxLength: 40 }),
        fc.integer({ min: 4, max: 64 }),
        fc.boolean(),
        async (dialect, parts, blockBytes, hasMark) => {
          const lineEnd = String.fromCharCode(dialect.lineEnd);
          const marks = new Map([
            ['delimiter', dialect.delimiter],
            ['line end', lineEnd],
          ]);
          const body = parts.map((part) => marks.get(part) ?? part).join('');
          const content = `${hasMark ? '\ufeff' : ''}${names.join(dialect.delimiter)}${lineEnd}${body}`;
          const rows = await readAll(content, dialect, blockBytes);
          const framed = rows.filter(({ outcome }) => outcome !== 'csv_unclosed_quote');
          expect(framed.map(({ outcome }) => outcome)).toEqual(
            framed.map(({ record }) => reference(record, dialect)),
          );
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('are read where lines of white space lie between records with stray quotes', async () => {
    const dialect: CsvDialect = { delimiter: ',', lineEnd: 0x0a };
    const rows = await readAll(`${names.join(',')}\n"a" b,1\n \n\n"c" d,2\n"e" f,3\n`, dialect, 1024);
    expect(rows.map(({ outcome }) => outcome)).toEqual(
      [
        ['"a" b', '1'],
        ['"c" d', '2'],
        ['"e" f', '3'],
      ].map(([a, b]) => [
        ['a', a],
        ['b', b],
      ]),
    );
  });
});
