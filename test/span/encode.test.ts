import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSpanSize, encodeSpan, maxSpanBytes, spanText } from '../../src/span/encode.js';
import { generateSpanId, generateTraceId } from '../../src/span/ids.js';

const ids = { traceId: 't', spanId: 's', parentId: 'p' };

describe('encoding', () => {
  it('has one form, whatever the order of the fields', () => {
    const expected =
      '{"trace_unique_id":"t","span_unique_id":"s","span_parent_id":"p","span_name":"é","model":"m","metadata":{"a":"1","b":"2"}}';
    expect(spanText({ metadata: { b: '2', a: '1' }, model: 'm', span_name: 'é' }, ids)).toBe(expected);
    expect(encodeSpan({ span_name: 'é', model: 'm', metadata: { a: '1', b: '2' } }, ids)).toEqual(
      Buffer.from(expected),
    );
  });

  it('leaves unknown ids out and keeps a null parent', () => {
    const unknown = { traceId: undefined, spanId: undefined, parentId: undefined };
    expect(spanText({ span_parent_id: null, model: undefined }, unknown)).toBe('{"span_parent_id":null}');
    expect(spanText({ span_parent_id: null }, ids)).toContain('"span_parent_id":"p"');
  });

  it('writes what JSON.stringify would, with metadata sorted as an object of JavaScript has it', () => {
    const field = fc.constantFrom('metadata', 'model', 'input', 'cost', 'no_field', 'span_parent_id');
    const fields = fc.dictionary(field, fc.jsonValue()).map((each) => ({ ...each }));
    const metadata = fc.dictionary(fc.oneof(fc.string(), fc.nat({ max: 99 }).map(String)), fc.string());
    fc.assert(
      fc.property(fields, metadata, (others, entries) => {
        const sorted = Object.fromEntries(
          Object.entries(entries).sort(([one], [two]) => (one < two ? -1 : 1)),
        );
        const { metadata: _, span_parent_id: parent, ...rest } = others;
        const order = ['model', 'input', 'cost', 'metadata', 'no_field'];
        const values: Record<string, unknown> = { ...rest, metadata: sorted };
        const expected = order.map((name) => [name, values[name]] as const);
        expect(spanText({ ...others, metadata: entries }, { ...ids, parentId: undefined })).toBe(
          JSON.stringify({
            trace_unique_id: 't',
            span_unique_id: 's',
            span_parent_id: parent,
            ...Object.fromEntries(expected),
          }),
        );
      }),
    );
  });

  it('refuses spans over the limit in bytes', () => {
    expect(checkSpanSize(maxSpanBytes)).toBeUndefined();
    expect(checkSpanSize(maxSpanBytes + 1)?.code).toBe('span_too_large');
  });
});

describe('generated ids', () => {
  it('are hex of the right length, stable, and differ by content, ordinal and trace', () => {
    expect(generateTraceId('{}', 0)).toMatch(/^[0-9a-f]{32}$/);
    expect(generateSpanId('t', '{}', 0)).toMatch(/^[0-9a-f]{16}$/);
    expect(generateSpanId('t', '{}', 0)).toBe(generateSpanId('t', '{}', 0));
    const all = [
      generateSpanId('t', '{}', 0),
      generateSpanId('t', '{}', 1),
      generateSpanId('u', '{}', 0),
      generateSpanId('t', '{"a":1}', 0),
    ];
    expect(new Set(all).size).toBe(4);
    expect(generateTraceId('{}', 0)).not.toBe(generateTraceId('{}', 1));
  });
});
