import { describe, expect, test } from 'vitest';

import { retryAfterOf } from '../../src/targets/retry-after.js';

const now = Date.UTC(2026, 0, 15, 12);
const year = 365 * 24 * 3600 * 1000;

function waitOf(header: string | undefined, body = ''): number | undefined {
  return retryAfterOf({ 'retry-after': header }, body, now);
}

describe('the header', () => {
  test.each([
    ['30', 30_000],
    [' 30 ', 30_000],
    ['1.5', 1500],
    ['0.0001', 1],
    ['Thu, 15 Jan 2026 12:00:30 GMT', 30_000],
    ['Thursday, 15-Jan-26 12:00:30 GMT', 30_000],
    ['Thu Jan 15 12:00:30 2026', 30_000],
    ['9'.repeat(30), year],
    ['9'.repeat(400), year],
    ['Fri, 31 Dec 9999 23:59:59 GMT', year],
  ])('%s is a wait', (header, milliseconds) => {
    expect(waitOf(header)).toBe(milliseconds);
  });

  test.each([
    undefined,
    '',
    '0',
    '0.0',
    '-5',
    'soon',
    '30 seconds',
    '1e3',
    '0x10',
    'NaN',
    'Infinity',
    'May 2099',
    '2026-01-15T13:00:00Z',
    'Thu, 99 Foo 2026',
    'Thu, 15 Jan 2026 11:59:59 GMT',
    'Thu, 15 Jan 2026 12:00:00 GMT',
  ])('%s is no wait', (header) => {
    expect(waitOf(header)).toBeUndefined();
  });
});

describe('the body', () => {
  test.each([
    [{ retry_after: 30 }, 30_000],
    [{ retry_after: '2' }, 2000],
    [{ retry_after: 0.25 }, 250],
    [{ retry_after: 1e300 }, year],
  ])('%j is a wait', (body, milliseconds) => {
    expect(waitOf(undefined, JSON.stringify(body))).toBe(milliseconds);
  });

  test.each([
    '{"retry_after":null}',
    '{"retry_after":""}',
    '{"retry_after":" "}',
    '{"retry_after":"soon"}',
    '{"retry_after":-1}',
    '{"retry_after":0}',
    '{"retry_after":1e999}',
    '{"retry_after":[30]}',
    '[30]',
    '30',
    'retry_after: 30',
  ])('%s is no wait', (body) => {
    expect(waitOf(undefined, body)).toBeUndefined();
  });

  test('the header wins over it, unless the header cannot be read', () => {
    const body = JSON.stringify({ retry_after: 30 });
    expect(waitOf('5', body)).toBe(5000);
    expect(waitOf('soon', body)).toBe(30_000);
  });
});
