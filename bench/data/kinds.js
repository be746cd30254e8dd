import { csvRecord } from './rows/csv.js';
import { flatColumns, flatRow } from './rows/flat.js';
import { nativeRow } from './rows/native.js';
import { otlpSpan } from './rows/otlp.js';
import { smallRow } from './rows/small.js';

/**
 * @typedef {object} Kind How the spans of a generated file are written.
 * @property {string} name Part of the file's name.
 * @property {string} extension
 * @property {number} scale Of the texts; see `ContentWriter`.
 * @property {(span: import('./trace-outliner.js').Outline, content: import('./content.js').ContentWriter) => string} row
 * @property {(index: number) => string} before What stands before the row of this number, the first being 0.
 * @property {string} end What stands behind the last row.
 * @property {number} [spansPerRecord] 1, where it is not told.
 * @property {true} [packed] With gzip.
 */

const spansPerExport = 100;
/** Flat rows hold each text once: with this they come to the size of native rows. */
const flatScale = 1.8;

/** @param {Parameters<Kind['row']>} span */
const flatCells = (...span) => csvRecord(Object.values(flatRow(...span)));
const exportBegin =
  '{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"bench"}}]},"scopeSpans":[{"scope":{"name":"bench","version":"1"},"spans":[';
const exportEnd = ']}]}]}\n';

/** @param {number} index */
const ofLines = (index) => (index === 0 ? '' : '\n');

/** @satisfies {Record<string, Kind>} */
export const kinds = {
  native: { name: 'native', extension: 'jsonl', scale: 1, row: nativeRow, before: ofLines, end: '\n' },
  packed: {
    name: 'native',
    extension: 'jsonl.gz',
    scale: 1,
    row: nativeRow,
    before: ofLines,
    end: '\n',
    packed: true,
  },
  small: { name: 'small', extension: 'jsonl', scale: 1, row: smallRow, before: ofLines, end: '\n' },
  flat: {
    name: 'flat',
    extension: 'jsonl',
    scale: flatScale,
    row: (...span) => JSON.stringify(flatRow(...span)),
    before: ofLines,
    end: '\n',
  },
  csv: {
    name: 'flat',
    extension: 'csv',
    scale: flatScale,
    row: flatCells,
    before: (index) => (index === 0 ? `${csvRecord(flatColumns)}\n` : '\n'),
    end: '\n',
  },
  array: {
    name: 'native-array',
    extension: 'json',
    scale: 1,
    row: nativeRow,
    before: (index) => (index === 0 ? '[' : ','),
    end: ']',
  },
  wrapper: {
    name: 'native-wrapper',
    extension: 'json',
    scale: 1,
    row: nativeRow,
    before: (index) => (index === 0 ? '{"object":"list","data":[' : ','),
    end: '],"has_more":false}',
  },
  otlp: {
    name: 'otlp',
    extension: 'jsonl',
    scale: flatScale,
    row: otlpSpan,
    before(index) {
      if (index % spansPerExport !== 0) return ',';
      return index === 0 ? exportBegin : `${exportEnd}${exportBegin}`;
    },
    end: exportEnd,
    spansPerRecord: spansPerExport,
  },
};
