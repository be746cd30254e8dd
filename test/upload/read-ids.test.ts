import { expect, test, vi } from 'vitest';

import { readTraceId } from '../../src/upload/read-ids.js';

const bodyOf = (span: object): Buffer => Buffer.from(JSON.stringify(span));

test('the id of a trace is what is known to be it', () => {
  const isIt = vi.fn<(text: string) => boolean>((text) => text === 'checkout');
  const body = bodyOf({ span_unique_id: 'one', trace_unique_id: 'checkout' });
  expect(readTraceId(body, isIt)).toBe('checkout');
  expect(isIt).toHaveBeenCalledExactlyOnceWith('checkout');
});

test.each([
  ['it is escaped', { trace_unique_id: 'a "quoted" id' }],
  ['it is not ASCII', { trace_unique_id: 'commande-é' }],
  [
    'the data of a span has the same key',
    { metadata: { trace_unique_id: 'elsewhere' }, trace_unique_id: 'here' },
  ],
  ['it was rewritten, so that nobody knows it', { trace_unique_id: 'rewritten' }],
])('it is found where %s', (_case, span) => {
  const known = span.trace_unique_id === 'rewritten' ? 'original' : span.trace_unique_id;
  expect(readTraceId(bodyOf(span), (text) => text === known)).toBe(span.trace_unique_id);
});

test('it is found where white space stands around it', () => {
  expect(readTraceId(Buffer.from('{ "trace_unique_id" : "checkout" }'), () => true)).toBe('checkout');
});
