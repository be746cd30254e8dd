import { describe, expect, test } from 'vitest';
import { generic } from '../../src/sources/generic.js';
import { otelTable } from '../../src/sources/otel-table.js';
import { rowsOfTable } from '../../src/sources/table-document.js';
import { mapContext } from './map-context.js';

const rows = [
  { prompt: 'a', model: 'm' },
  { prompt: 'b', model: null },
];
const records = rows.map(Object.values);

describe('a document that is a table', () => {
  test.each([
    ['of pandas', { columns: ['prompt', 'model'], index: [0, 1], data: records }],
    [
      'of ClickHouse',
      { meta: [{ name: 'prompt', type: 'String' }, { name: 'model' }], data: records, rows: 2 },
    ],
    [
      'of Azure',
      {
        tables: [{ name: 'PrimaryResult', columns: [{ name: 'prompt' }, { name: 'model' }], rows: records }],
      },
    ],
  ])('%s is its rows', (_whose, document) => {
    expect(rowsOfTable(document)).toEqual(rows);
    const mapped = generic.map(document, mapContext({ text: () => JSON.stringify(document) }));
    expect(mapped).toMatchObject({
      drafts: [{ fields: { input: 'a', model: 'm' } }, { fields: { input: 'b' } }],
    });
  });

  test('is one of spans where its columns are', () => {
    const columns = ['timestamp', 'id', 'name', 'duration', 'operation_Id', 'operation_ParentId'];
    const document = {
      tables: [{ columns, rows: [['2025-06-15T10:31:07Z', 's', 'chat', 1523.4, 't', 'p']] }],
    };
    expect(otelTable.detect([document]).agreeing).toBe(1);
    expect(otelTable.map(document, mapContext())).toMatchObject({
      drafts: [{ traceId: 't', spanId: 's', parentId: 'p', latency: { value: 1523.4, unit: 'ms' } }],
    });
  });

  test.each([
    ['records of another length', { columns: ['a', 'b'], data: [[1]] }],
    ['records that are objects', { columns: ['a'], data: [{ a: 1 }] }],
    ['no names', { columns: [1], data: [[1]] }],
    ['no records', { columns: ['a'], data: [] }],
    ['tables that are none', { tables: [1, {}] }],
  ])('is none with %s', (_what, document) => {
    expect(rowsOfTable(document)).toBeUndefined();
  });
});
