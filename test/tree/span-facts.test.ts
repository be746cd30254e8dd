import { describe, expect, it } from 'vitest';

import type { Span } from '../../src/span/span.js';
import { spanFacts } from '../../src/tree/span-facts.js';

const span = (fields: Record<string, unknown> = {}): Span => ({
  trace_unique_id: 't',
  span_unique_id: 's',
  ...fields,
});

describe('what a drawing tells of a span', () => {
  it.each([
    ['numbers', 500, 7],
    ['texts', '500', '7'],
  ])('is read from %s', (_, status_code, prompt_tokens) => {
    expect(spanFacts(span({ status_code, prompt_tokens }))).toMatchObject({
      error: { statusCode: 500, message: undefined },
      promptTokens: 7,
    });
  });

  it.each([
    ['a status below 400', { status_code: '399' }],
    ['a status that is no number', { status_code: 'OK' }],
    ['no status', {}],
    ['an empty message', { error_message: '' }],
  ])('is no error with %s', (_, fields) => {
    expect(spanFacts(span(fields)).error).toBeUndefined();
  });

  it('is an error with a message alone', () => {
    expect(spanFacts(span({ error_message: 'timeout' })).error).toEqual({
      statusCode: undefined,
      message: 'timeout',
    });
  });
});
