import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { encodeSpan, encodeWhole } from '../../src/span/encode.js';
import { addedBytes, patchBytes, readSpanId } from '../../src/span/patch-bytes.js';
import type { Span } from '../../src/span/span.js';

const id = fc.oneof(
  fc.uuid(),
  fc.string({ unit: 'binary', minLength: 1 }).map((text) => text.toWellFormed()),
);
const name = fc.string({ unit: 'grapheme' });
const fields = fc.record(
  {
    span_name: name,
    span_workflow_name: name,
    span_path: name,
    trace_name: name,
    input: fc.constantFrom('"log_type":"workflow"', ',"span_unique_id":"x"', '}'),
    cost: fc.double({ noDefaultInfinity: true, noNaN: true }),
    metadata: fc.dictionary(fc.constantFrom('span_unique_id', 'log_type', 'a'), fc.string()),
  },
  { requiredKeys: [] },
);

function parse(bytes: Buffer): Span {
  return JSON.parse(bytes.toString());
}

/** Bytes of a text as JSON. */
function written(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}

const noPatch = { traceId: undefined, parentId: undefined, typedAsRoot: false };

describe('bytes of a span that this program wrote', () => {
  it('become what parsing, changing and encoding gives', () => {
    fc.assert(
      fc.property(
        fields,
        fc.record({ traceId: id, spanId: id, parentId: id, moved: fc.option(id, { nil: undefined }) }),
        fc.constantFrom('workflow', 'task', 'chat'),
        (rest, { traceId, spanId, parentId, moved }, type) => {
          const bytes = encodeSpan({ ...rest, log_type: type }, { traceId, spanId, parentId: undefined });
          const typedAsRoot = type === 'workflow';
          const changed = {
            ...parse(bytes),
            span_parent_id: parentId,
            log_type: typedAsRoot ? 'task' : type,
            ...(moved === undefined ? {} : { trace_unique_id: moved }),
          };
          const patched = patchBytes(bytes, { traceId: moved, parentId, typedAsRoot });
          expect(patched?.toString()).toBe(encodeWhole(changed).toString());
          const movedBytes = written(moved ?? traceId) - written(traceId);
          const parentBytes = addedBytes(written(parentId), typedAsRoot);
          expect(patched?.length).toBe(bytes.length + parentBytes + movedBytes);
        },
      ),
    );
  });

  it('take another trace beside a parent that they have', () => {
    fc.assert(
      fc.property(fields, id, id, id, (rest, traceId, spanId, moved) => {
        const bytes = encodeSpan(rest, { traceId, spanId, parentId: 'p' });
        const changed = encodeWhole({ ...parse(bytes), trace_unique_id: moved });
        expect(patchBytes(bytes, { ...noPatch, traceId: moved })).toEqual(changed);
      }),
    );
  });
});

describe('bytes of a row that is a span', () => {
  it('stay as they are beside the new parent', () => {
    const spaces = fc.constantFrom(undefined, 1, '\t', '\n ');
    fc.assert(
      fc.property(
        fields,
        id,
        id,
        id,
        spaces,
        fc.boolean(),
        (rest, trace, own, parentId, indent, idsFirst) => {
          const ids = { trace_unique_id: trace, span_unique_id: own };
          const row = idsFirst ? { ...ids, ...rest } : { ...rest, ...ids };
          const bytes = Buffer.from(JSON.stringify(row, undefined, indent));
          const patched = patchBytes(bytes, { ...noPatch, parentId });
          expect(patched && parse(patched)).toEqual({ ...parse(bytes), span_parent_id: parentId });
          expect(patched?.length).toBe(
            bytes.length + addedBytes(Buffer.byteLength(JSON.stringify(parentId)), false),
          );
        },
      ),
    );
  });

  it.each([
    [
      'a trace that does not come first',
      '{"span_unique_id":"s","trace_unique_id":"t"}',
      { ...noPatch, traceId: 'u' },
    ],
    [
      'a log type that is not where it is written',
      '{"trace_unique_id":"t","span_unique_id":"s","cost":1,"log_type":"workflow"}',
      { ...noPatch, parentId: 'p', typedAsRoot: true },
    ],
    ['a list', '[]', { ...noPatch, parentId: 'p' }],
    ['text that is cut off', '{"trace_unique_id":"t', { ...noPatch, traceId: 'u' }],
  ])('are not touched where a change would need %s', (_, text, patch) => {
    expect(patchBytes(Buffer.from(text), patch)).toBeUndefined();
  });
});

describe('the id of a span', () => {
  it.each([
    ['anywhere', '{"a":{"b":1},"span_unique_id" :\n"s1"}', 's1'],
    [
      'beside a text that quotes it',
      String.raw`{"input":"\"span_unique_id\":\"x\"","span_unique_id":"s1"}`,
      's1',
    ],
    ['twice', '{"span_unique_id":"s1","metadata":{"span_unique_id":"s2"}}', undefined],
    ['with escapes', String.raw`{"span_unique_id":"s\u0031"}`, undefined],
    ['as a number', '{"span_unique_id":17}', undefined],
    ['as a value alone', '{"key":"span_unique_id"}', undefined],
    ['not at all', '{}', undefined],
  ])('%s', (_, text, expected) => {
    expect(readSpanId(Buffer.from(text))).toBe(expected);
  });
});
