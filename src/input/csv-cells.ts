import type { CsvDialect } from './csv-record-scanner.js';

/** The cells of complete records. Blank lines are no records. */
export type CellParser = (records: Buffer, dialect: CsvDialect) => string[][];

let loaded: CellParser | undefined;

/** Loads csv-parse, once: most runs read no CSV. */
export async function loadCellParser(): Promise<CellParser> {
  const { parse } = await import('csv-parse/sync');
  loaded ??= (records, dialect) =>
    parse(records, {
      columns: false,
      delimiter: dialect.delimiter,
      record_delimiter: dialect.lineEnd === 0x0d ? ['\r'] : ['\r\n', '\n'],
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
    });
  return loaded;
}

/** The parser, where a CSV input has been opened before. */
export function cellParser(): CellParser {
  if (loaded === undefined) throw new Error('no CSV input was opened');
  return loaded;
}
