import { expect, test } from 'vitest';
import { respanLogs } from '../../src/sources/respan-logs.js';
import { fixture } from './fixture.js';
import { importWith } from './import-sample.js';
import { lostScalars } from './lost-scalars.js';
import { mapContext } from './map-context.js';
import { sampleRows } from './sample-rows.js';

const file = fixture('respan-logs/log-list.json');

test('a log is a span of the same fields; what only the server sets goes to the metadata', async () => {
  const { spans, rejected } = await importWith(respanLogs, file);
  expect(rejected).toEqual([]);
  expect(spans[0]).toMatchObject({
    trace_unique_id: 'unique-1',
    span_unique_id: 'unique-1',
    start_time: '2025-09-08T07:46:18Z',
    timestamp: '2025-09-08T07:46:19.5Z',
    latency: 1.5,
    time_to_first_token: 0.4,
    log_type: 'chat',
    log_method: 'inference',
    prompt_tokens: 3,
    total_request_tokens: 4,
    metadata: { plan: 'pro', seats: '4', organization_id: '17', id: 'log-1' },
  });
  expect(spans[1]).toMatchObject({
    trace_unique_id: 'trace-9',
    span_unique_id: 'log-2',
    span_parent_id: 'log-1',
  });
  expect(lostScalars([sampleRows(file)[0]?.['results']], spans)).toEqual([]);
});

test('a list given whole keeps what it says beside its logs', () => {
  expect(respanLogs.map(sampleRows(file)[0], mapContext())).toMatchObject({
    drafts: [{ spanId: 'unique-1', metadata: { 'list.count': 2 } }, { spanId: 'log-2' }],
  });
});

test('the list and its logs are recognised; spans are left to the source of spans', () => {
  const rows = sampleRows(file);
  const logs = [rows[0]?.['results']].flat();
  expect(respanLogs.detect(rows).agreeing).toBe(1);
  expect(respanLogs.detect(logs).agreeing).toBe(2);
  const span = { trace_unique_id: 't', span_unique_id: 's', id: 'x', log_type: 'chat', prompt_messages: [] };
  expect(respanLogs.detect([span, { id: 1, status_code: 200 }]).agreeing).toBe(0);
});

test('an empty list is no span', () => {
  expect(respanLogs.map({ results: [], count: 0 }, mapContext())).toEqual({
    kind: 'skip',
    reason: 'no_logs',
  });
});
