import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { CsvRecordScanner } from '../../src/input/csv-record-scanner.js';
import { outcomes, readText } from './read-rows.js';

const header = (columns: number): string =>
  `${Array.from({ length: columns }, (_, index) => `column${index}`).join(',')}\n`;

const parseOptions = {
  record_delimiter: ['\r\n', '\n'],
  relax_quotes: true,
  relax_column_count: true,
  skip_empty_lines: true,
};

/** The records that end, without blank lines. */
function scanRecords(bytes: Buffer): { records: { bytes: Buffer; cells: number }[]; end: number } {
  const scanner = new CsvRecordScanner({ delimiter: ',', lineEnd: 0x0a });
  const records = [];
  let end = 0;
  for (; end < bytes.length && scanner.scan(bytes, end, true); scanner.begin()) {
    const record = bytes.subarray(end, end + scanner.contentLength);
    if (record.length > 0) records.push({ bytes: record, cells: scanner.cells });
    end += scanner.length;
  }
  return { records, end };
}

describe('CSV', () => {
  it('sniffs the delimiter', async () => {
    for (const [delimiter, format] of [
      [',', 'csv'],
      [';', 'csv'],
      ['\t', 'tsv'],
      ['|', 'csv'],
    ] as const) {
      const { input, rows } = await readText(
        `id,x;y|z\n1,2\n`.replace('id,x;y|z', `id${delimiter}name`).replace('1,2', `1${delimiter}b`),
      );
      expect(input.format).toBe(format);
      expect(outcomes(rows)).toEqual([{ id: '1', name: 'b' }]);
    }
  });

  it.each(['sep=;\r\n', 'sep=;\n', '"sep=;"\r\n'])(
    'takes the delimiter from a first line %j',
    async (line) => {
      const { input, rows } = await readText(`${line}a;b, c\r\n1;2,5\r\n`);
      expect(input.format).toBe('csv');
      expect(rows.map((row) => [row.line, row.value])).toEqual([[3, { a: '1', 'b, c': '2,5' }]]);
    },
  );

  it('reads such a line as the header where it names no delimiter', async () => {
    const { rows } = await readText('sep=,b\n1,2\n3,4\n');
    expect(outcomes(rows)).toEqual([
      { 'sep=': '1', b: '2' },
      { 'sep=': '3', b: '4' },
    ]);
  });

  it('passes over titles and blank rows above the header, with a warning', async () => {
    const { rows, warnings } = await readText('Usage in June,,\n,,\nid,model,prompt\n1,m,p\n');
    expect(rows.map((row) => [row.line, row.value])).toEqual([[4, { id: '1', model: 'm', prompt: 'p' }]]);
    expect(warnings).toEqual(['csv_title_line', 'csv_title_line']);
  });

  it('reads a header that names one of two columns', async () => {
    expect(outcomes((await readText(',prompt\n0,a\n')).rows)).toEqual([{ column_1: '0', prompt: 'a' }]);
  });

  it('counts quoted line ends of every kind in lines', async () => {
    const { rows } = await readText('a,b\r\n1,"x\r\ny\nz"\r\n\r\n2,w\n3,v');
    expect(rows.map(({ line, value }) => ({ line, value }))).toEqual([
      { line: 2, value: { a: '1', b: 'x\r\ny\nz' } },
      { line: 6, value: { a: '2', b: 'w' } },
      { line: 7, value: { a: '3', b: 'v' } },
    ]);
  });

  it('reads files whose only line end is CR', async () => {
    const { rows } = await readText('a,b\r1,2\r3,4\r');
    expect(rows.map(({ line, value }) => ({ line, value }))).toEqual([
      { line: 2, value: { a: '1', b: '2' } },
      { line: 3, value: { a: '3', b: '4' } },
    ]);
  });

  it('keeps the raw header without its byte order mark', async () => {
    const { input, rows } = await readText('\ufeff"a",b\r\n1,2\r\n');
    expect(input.header?.toString()).toBe('"a",b\r\n');
    expect(rows[0]).toMatchObject({ offset: 10, value: { a: '1', b: '2' } });
  });

  it('names empty and repeated columns', async () => {
    const { rows, warnings } = await readText(',a,a,a_2\n0,1,2,3\n');
    expect(outcomes(rows)).toEqual([{ column_1: '0', a: '1', a_3: '2', a_2: '3' }]);
    expect(warnings).toEqual(['csv_duplicate_column']);
  });

  it('rejects surplus cells, but for empty ones, and warns of short rows', async () => {
    const { rows, warnings } = await readText('a,b\n1,2\n1,2,3\n1,2,,\n1\n');
    expect(outcomes(rows)).toEqual([{ a: '1', b: '2' }, 'csv_surplus_cells', { a: '1', b: '2' }, { a: '1' }]);
    expect(warnings).toEqual(['csv_short_row']);
  });

  it('keeps a __proto__ column as data', async () => {
    const { rows } = await readText('a,__proto__\n1,2\n');
    expect(Object.entries(rows[0]?.value ?? {})).toEqual([
      ['a', '1'],
      ['__proto__', '2'],
    ]);
  });

  it('loses one record to a stray quote that never closes', async () => {
    const { rows } = await readText('a,b,c\n1,2,3\n4,"stray,6\n7,8,9\n10,11,12\n');
    expect(outcomes(rows)).toEqual([
      { a: '1', b: '2', c: '3' },
      'csv_unclosed_quote',
      { a: '7', b: '8', c: '9' },
      { a: '10', b: '11', c: '12' },
    ]);
    expect(rows[1]).toMatchObject({ line: 3, offset: 12, bytes: '4,"stray,6' });
  });

  it('loses one record to each of many stray quotes', async () => {
    const records = Array.from({ length: 2000 }, (_, index) =>
      index % 2 === 0 ? `${index},"stray` : `${index},"fine"`,
    );
    const { rows } = await readText(`a,b\n${records.join('\n')}\n`);
    expect(rows.filter(({ code }) => code === 'csv_unclosed_quote')).toHaveLength(1000);
    expect(rows.filter(({ code }) => code === undefined)).toHaveLength(1000);
  });

  it('does bounded work on a file that is made of unclosable quotes', async () => {
    const line = 'b",",\n';
    const { rows } = await readText(`a,b\n${line.repeat(50_000)}`, { maxRowBytes: 100_000 });
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.map(({ bytes }) => bytes.length).reduce((a, b) => a + b)).toBeGreaterThan(
      line.length * 40_000,
    );
  });

  it('reads a quote inside a cell as text', async () => {
    const { rows } = await readText('a,b\n1,say "hi"\n"x" y,2\n');
    expect(outcomes(rows)).toEqual([
      { a: '1', b: 'say "hi"' },
      { a: '"x" y', b: '2' },
    ]);
  });

  it('rejects a line that is too large', async () => {
    const { rows } = await readText(`a,b\n1,${'x'.repeat(600_000)}\n3,4\n`, { maxRowBytes: 1000 });
    expect(outcomes(rows)).toEqual(['row_too_large', { a: '3', b: '4' }]);
  });

  it('rejects the row with invalid UTF-8 and no other', async () => {
    const content = Buffer.concat([Buffer.from('a,b\n1,é\n2,'), Buffer.from([0xff]), Buffer.from('\n3,x\n')]);
    expect(outcomes((await readText(content)).rows)).toEqual([
      { a: '1', b: 'é' },
      'invalid_utf8',
      { a: '3', b: 'x' },
    ]);
  });

  it('reads a single column only when told that it is CSV', async () => {
    await expect(readText('a\n1\n2\n')).rejects.toMatchObject({ code: 'unknown_format', exitCode: 2 });
    expect(outcomes((await readText('a\n1\n2\n', { format: 'csv' })).rows)).toEqual([{ a: '1' }, { a: '2' }]);
  });

  it('refuses more than 10,000 columns, and reads a header of as many', async () => {
    await expect(readText(header(10_001))).rejects.toMatchObject({ code: 'too_many_columns', exitCode: 2 });
    expect((await readText(header(10_000))).rows).toEqual([]);
  });

  it('takes the delimiter that is given', async () => {
    expect(outcomes((await readText('a^b\n1^2\n', { csvDelimiter: '^' })).rows)).toEqual([
      { a: '1', b: '2' },
    ]);
    expect(outcomes((await readText('a\tb\n1\t2\n', { csvDelimiter: 'tab' })).rows)).toEqual([
      { a: '1', b: '2' },
    ]);
    await expect(readText('a,b\n', { csvDelimiter: ',,' })).rejects.toMatchObject({
      code: 'bad_csv_delimiter',
    });
  });

  it('finds the same records as csv-parse in any text', () => {
    const piece = fc.constantFrom('"', '""', ',', '\n', '\r\n', '\r', 'a', ' ', 'é');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const bytes = Buffer.from(pieces.join(''));
        const { records, end } = scanRecords(bytes);
        const complete = bytes.subarray(0, end);
        // csv-parse refuses to be given nothing.
        const cells = end === 0 ? [] : parse(complete, parseOptions);
        expect(records.flatMap((record) => parse(record.bytes, parseOptions))).toEqual(cells);
        expect(records.map((record) => record.cells)).toEqual(cells.map((record) => record.length));
      }),
      { numRuns: 2000 },
    );
  });
});
