import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeSpans } from '../../src/span/merge.js';
import type { Span } from '../../src/span/span.js';

function span(fields: Record<string, unknown> = {}): Span {
  return { trace_unique_id: 't', span_unique_id: 's', ...fields };
}

describe('merging two rows of one span', () => {
  it('knows equal content in any key order', () => {
    expect(mergeSpans(span({ a: { x: 1, y: [2] }, b: 1 }), span({ b: 1, a: { y: [2], x: 1 } })).kind).toBe(
      'same',
    );
  });

  it('joins a start and an end half', () => {
    const start = span({
      start_time: '2025-01-01T00:00:00Z',
      input: 'q',
      log_type: 'chat',
      metadata: { a: '1' },
    });
    const end = span({
      timestamp: '2025-01-01T00:00:01.5Z',
      output: 'a',
      input: '',
      log_type: 'workflow',
      metadata: { b: '2' },
    });
    const expected = {
      kind: 'complementary',
      span: span({
        start_time: '2025-01-01T00:00:00Z',
        timestamp: '2025-01-01T00:00:01.5Z',
        latency: 1.5,
        input: 'q',
        output: 'a',
        log_type: 'chat',
        metadata: { a: '1', b: '2' },
      }),
    };
    expect(mergeSpans(start, end)).toEqual(expected);
    expect(mergeSpans(end, start)).toEqual(expected);
  });

  it('lets the later value win a conflict and keeps what only the earlier has', () => {
    expect(
      mergeSpans(
        span({ output: 'a', model: 'm', metadata: { k: '1' } }),
        span({ output: 'b', metadata: { k: '2' } }),
      ),
    ).toEqual({
      kind: 'conflicting',
      span: span({ output: 'b', model: 'm', metadata: { k: '2' } }),
    });
  });

  it('is idempotent, and repeating either row changes nothing', () => {
    const fields = fc.dictionary(fc.constantFrom('model', 'input', 'output', 'metadata'), fc.jsonValue());
    fc.assert(
      fc.property(fields, fields, (left, right) => {
        const merged = mergeSpans(span(left), span(right)).span;
        expect(mergeSpans(merged, merged).kind).toBe('same');
        expect(mergeSpans(merged, span(right)).span).toEqual(merged);
      }),
    );
  });
});
