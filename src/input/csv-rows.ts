import type { ByteReader } from './byte-reader.js';
import { ByteWindow, type FramingOptions } from './byte-window.js';
import { CsvFramer } from './csv-framer.js';
import type { CsvHeader } from './csv-header.js';
import { CsvRecordReader } from './csv-record-reader.js';
import type { CsvDialect } from './csv-record-scanner.js';
import type { RowBatch } from './row.js';

/** Frames the records after the header and reads their cells. */
export async function* csvRows(
  reader: ByteReader,
  dialect: CsvDialect,
  header: CsvHeader,
  options: FramingOptions,
): AsyncGenerator<RowBatch> {
  const window = new ByteWindow(reader, options.blockBytes);
  await window.skip(header.bytes);
  const records = new CsvRecordReader(header.names, dialect);
  const framer = new CsvFramer(window, dialect, header, options, records);
  let { warnings } = header;
  do {
    await framer.fill();
    while (framer.canFrame) {
      const batch: RowBatch = { block: window.block, rows: [], consumed: 0, warnings: [...warnings] };
      warnings = [];
      framer.frame(batch);
      batch.consumed = window.offset;
      records.readRelaxed(batch);
      if (batch.rows.length > 0 || batch.warnings.length > 0) yield batch;
    }
  } while (!window.ended);
}
