import { describe, expect, test } from 'vitest';

import { acknowledgement, raw, type Destination, trickling } from '../support/destination.js';
import {
  hang,
  huge,
  ok,
  reset,
  status,
  truncated,
  type Answer,
  type Script,
} from '../support/scripted-server.js';
import { endOf, importAndComplete } from './honesty.js';

/** Requests before the first fault: the run is well under way. */
const healthyRequests = 4;

interface Fault {
  name: string;
  answer: Answer;
  /** The destination stores the batch before it answers. */
  stores?: boolean;
  /** The end where one request meets the fault, and where all from the fifth on do. */
  once: string;
  always: string;
  /** Milliseconds that a request may take. */
  timeout?: number;
}

const unreachable = '5 destination_unreachable';
const done = '0';
const page = '<html><body>Access denied</body></html>';
const acknowledged = (head: string): Answer => raw((request) => `${head}\r\n\r\n${acknowledgement(request)}`);
const deep = '['.repeat(200_000) + ']'.repeat(200_000);

const faults: Fault[] = [
  ...['7', 'Thu, 15 Jan 2026 12:00:30 GMT', 'soon', '-5', '0', 'Thu, 15 Jan 2015 12:00:00 GMT'].map(
    (wait) => ({
      name: `429, Retry-After: ${wait}`,
      answer: status(429, {}, { 'retry-after': wait }),
      once: done,
      always: unreachable,
    }),
  ),
  ...[30, '30', 'x', -1].map((wait) => ({
    name: `429, retry_after: ${JSON.stringify(wait)} in the body`,
    answer: status(429, { detail: 'Rate limit exceeded', retry_after: wait }),
    once: done,
    always: unreachable,
  })),
  {
    name: '429 for more than five minutes',
    answer: status(429, {}, { 'retry-after': '301' }),
    once: '5 server_asks_to_wait',
    always: '5 server_asks_to_wait',
  },
  ...[408, 425, 500, 502, 503, 504, 520].map((code) => ({
    name: String(code),
    answer: status(code, { detail: 'overloaded' }),
    once: done,
    always: unreachable,
  })),
  {
    name: 'a 502 after the batch was stored',
    answer: status(502, page),
    stores: true,
    once: done,
    always: unreachable,
  },
  { name: 'no answer', answer: hang(), once: done, always: unreachable, timeout: 150 },
  { name: 'a lost answer', answer: hang(), stores: true, once: done, always: unreachable, timeout: 150 },
  {
    name: 'a body that never ends',
    answer: trickling('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n{', 60_000),
    stores: true,
    once: done,
    always: unreachable,
    timeout: 150,
  },
  {
    name: 'a body that comes byte by byte',
    answer: trickling('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n{', 20),
    stores: true,
    once: done,
    always: unreachable,
    timeout: 150,
  },
  {
    name: 'headers that come byte by byte',
    answer: trickling('HTTP/1.1 200 OK\r\nx-slow: ', 20),
    once: done,
    always: unreachable,
    timeout: 150,
  },
  { name: 'a reset', answer: reset(), once: done, always: unreachable },
  {
    name: 'a reset after the batch was stored',
    answer: reset(),
    stores: true,
    once: done,
    always: unreachable,
  },
  {
    name: 'a connection that is closed without a word',
    answer: raw(() => ''),
    once: done,
    always: unreachable,
  },
  {
    name: 'a closed connection after the batch was stored',
    answer: raw(() => ''),
    stores: true,
    once: done,
    always: unreachable,
  },
  { name: 'something that is no HTTP', answer: raw(() => '220 ready\r\n'), once: done, always: unreachable },
  {
    name: 'headers without end',
    answer: raw(() => `HTTP/1.1 200 OK\r\n${`x-pad: ${'y'.repeat(1000)}\r\n`.repeat(100)}`),
    once: done,
    always: unreachable,
  },
  { name: 'an answer that breaks off', answer: truncated(), stores: true, once: done, always: done },
  { name: 'an empty answer', answer: status(200, ''), stores: true, once: done, always: done },
  { name: 'a gigabyte', answer: huge(1024 ** 3), stores: true, once: done, always: done },
  {
    name: 'an answer that is no JSON',
    answer: status(200, 'fine', { 'content-type': 'text/plain' }),
    stores: true,
    once: done,
    always: done,
  },
  {
    name: 'an answer of deeply nested JSON',
    answer: status(200, `{"ingested_spans":100,"errors":[${deep}]}`, { 'content-type': 'application/json' }),
    stores: true,
    once: '1',
    always: '1',
  },
  {
    name: 'a page with 200',
    answer: status(200, page),
    once: '5 not_the_api',
    always: '5 not_the_api',
  },
  {
    name: 'a longer answer than announced',
    answer: acknowledged('HTTP/1.1 200 OK\r\ncontent-length: 9'),
    stores: true,
    once: done,
    always: done,
  },
  {
    name: 'a shorter answer than announced',
    answer: acknowledged('HTTP/1.1 200 OK\r\ncontent-length: 9999'),
    stores: true,
    once: done,
    always: done,
  },
  { name: 'HTTP/1.0', answer: acknowledged('HTTP/1.0 200 OK'), stores: true, once: done, always: done },
  {
    name: '100 and 103 before the answer',
    answer: acknowledged(
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 200 OK',
    ),
    stores: true,
    once: done,
    always: done,
  },
  ...[401, 403].map((code) => ({
    name: `${code} as JSON`,
    answer: status(code, { detail: 'invalid key' }),
    once: '4 credentials_refused',
    always: '4 credentials_refused',
  })),
  ...[401, 403].map((code) => ({
    name: `${code} as a page`,
    answer: status(code, page),
    once: done,
    always: '5 not_the_api',
  })),
  ...[
    [404, 'wrong_address'],
    [405, 'wrong_address'],
    [407, 'proxy_refused'],
    [410, 'destination_refused'],
    [501, 'destination_refused'],
  ].map(([code, stopped]) => ({
    name: String(code),
    answer: status(Number(code), page),
    once: `5 ${stopped}`,
    always: `5 ${stopped}`,
  })),
];

describe.each(faults)('$name', ({ answer, stores = false, once, always, timeout }) => {
  const limited = timeout === undefined ? {} : { timeout, retryFor: 20_000 };
  const meeting =
    (isFaulty: (number: number) => boolean) =>
    (destination: Destination): Extract<Script, CallableFunction> =>
    ({ number }) => {
      if (!isFaulty(number)) return destination.storing(ok());
      return stores ? destination.storing(answer) : answer;
    };

  test('once', async () => {
    const outcome = await importAndComplete(
      meeting((number) => number === healthyRequests + 1),
      limited,
    );
    expect(endOf(outcome)).toBe(once);
  });

  test('for ever', async () => {
    const outcome = await importAndComplete(
      meeting((number) => number > healthyRequests),
      limited,
    );
    expect(endOf(outcome)).toBe(always);
  });

  test('from the first request on', async () => {
    const outcome = await importAndComplete(
      meeting(() => true),
      limited,
    );
    expect(endOf(outcome)).toBe(always);
  });
});
