import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { NativeRowReader } from '../../src/digest/native-row-reader.js';
import { emptyDigest, type RowDigest } from '../../src/digest/row-digests.js';
import { isDeeperThan } from '../../src/input/nesting.js';
import { fieldRules } from '../../src/span/accept.js';
import { readClean, type CleanSpan } from '../../src/span/clean-row.js';
import { isObject } from '../../src/span/text.js';
import { hashOfSpanId, hashOfTraceId } from '../../src/trace/hash.js';
import { nativeRow } from '../support/native-rows.js';

const now = Date.UTC(2026, 0, 1) * 1000;
const maxDepth = 6;
const reader = new NativeRowReader();

function read(text: string): RowDigest | undefined {
  const block = Buffer.from(text);
  reader.open(block);
  return reader.read(0, block.length, maxDepth, now) ? structuredClone(reader.digest) : undefined;
}

/** What becomes of a row that is parsed as a whole. */
function readWhole(text: string): RowDigest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || isDeeperThan(value, maxDepth) || !isWellFormed(value)) return undefined;
  const span = readClean(value, now);
  if (span === undefined) return undefined;
  const bytes = Buffer.from(text);
  return { ...digestOf(span), length: bytes.length, checksum: crc32(bytes) };
}

/** Texts as JSON.stringify writes them hold an escape where they hold half a character. */
function isWellFormed(value: unknown): boolean {
  return !/\\ud[89a-f]/.test(JSON.stringify(value).replaceAll('\\\\', ''));
}

function digestOf({ traceId, spanId, parentId, start, end, label }: CleanSpan): RowDigest {
  const digest = emptyDigest();
  hashOfTraceId(digest.trace, traceId);
  hashOfSpanId(digest.span, spanId);
  if (parentId !== undefined) hashOfSpanId(digest.parent, parentId);
  const isRoot = parentId === undefined;
  return { ...digest, isRoot, parentIsTraceId: parentId === traceId, start, end, label };
}

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.constantFrom(
    '',
    'None',
    'chat',
    'user',
    '0',
    '00-00',
    '7',
    ' 1e5',
    'yes',
    'Ω',
    '\u{1f600}',
    '\ud83d',
    'trace-1',
  ),
  fc.constantFrom(255, 256, 300).map((length) => 'n'.repeat(length)),
  fc.constantFrom('2025-06-05T10:00:00Z', '2025-06-05T12:00:00.123456789+02:00', '2025-06-05 10:00'),
);

const values = fc.oneof(
  { depthSize: 'small' },
  texts,
  fc.double(),
  fc.constantFrom(0, 1, -1, 2 ** 53, 999_999_999_999_999, 1e300, 0.5, -0.5, true, false, null),
  fc.jsonValue({ depthSize: 'small' }),
  fc.constantFrom<unknown>(
    [],
    {},
    [{ role: 'user', content: 'x'.repeat(100) }],
    [{ role: 'user', content: [{ type: 'text', text: 'a' }, 'b'] }],
    [{ role: 'x'.repeat(300) }],
    { role: 'assistant', content: null, tool_calls: [{ id: 'a' }] },
    { ['__proto__']: { role: 'user' } },
    { api_key: 'secret' },
    [[[[[[[]]]]]]],
    [[[[[]]]]],
  ),
);

const names = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(...fieldRules.keys()) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', 'unheard_of', 'model ', 'ünknown', '__proto__', 'x'.repeat(40)),
  },
);

const sound = fc.oneof(
  fc.tuple(fc.constantFrom('input', 'output', 'span_name', 'model'), texts),
  fc.tuple(fc.constant('metadata'), fc.dictionary(texts, values, { maxKeys: 3 })),
  fc.tuple(fc.constantFrom('latency', 'cost', 'prompt_tokens'), fc.constantFrom(0, 7, 0.25, 1e21, 5e-7)),
  fc.constantFrom<[string, unknown]>(
    ['prompt_messages', [{ role: 'user', content: 'Hi "you"\n' }]],
    ['log_type', 'chat'],
    ['span_parent_id', 'span-10\u00e4'],
    ['stream', true],
  ),
);

const fields = fc.oneof(
  { weight: 4, arbitrary: fc.array(sound, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.array(fc.tuple(names, values), { maxLength: 3 }) },
);

/** Of its members, some twice: the last one counts. */
function written(row: readonly (readonly [string, unknown])[], space: string): string {
  const members = row.map(([name, value]) => {
    const text = JSON.stringify(value, undefined, space) ?? 'null';
    return `${space}${JSON.stringify(name)}${space}:${space}${text}`;
  });
  return `{${members.join(`${space},`)}${space}}${space}`;
}

const rows = fc
  .tuple(fields, fields, fc.constantFrom('', ' ', '\t', '\n', '\r'))
  .map(([before, after, space]) => written([...before, ...Object.entries(nativeRow()), ...after], space));

const spoilers = [...'"\\{}[]:,0-+.eEu/ tfn\0\u001f\n'.split(''), '\\u', 'é', '\u2028', '\u{1f600}'];

const spoiltRows = fc
  .tuple(
    rows,
    fc.array(fc.tuple(fc.nat(), fc.nat(2), fc.constantFrom(...spoilers)), { minLength: 1, maxLength: 3 }),
  )
  .map(([row, edits]) =>
    edits.reduce((text, [at, dropped, spoiler]) => {
      const position = at % text.length;
      return text.slice(0, position) + spoiler + text.slice(position + dropped);
    }, row),
  )
  .map((text) => text.toWellFormed());

/** What may be a JSON value, and mostly is none. */
function wordsOf(letters: readonly string[], maxLength: number): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...letters), { maxLength }).map((word) => word.join(''));
}

const likeValues = fc.oneof(
  wordsOf('0019.eE+-'.split(''), 6),
  wordsOf(
    ['\\', 'u', '\\ud83d', '\\uDE00', '\\u00', '\\u00g0', '\\uFfaA', '"', 'n', 'e', '0', '\t', 'ä'],
    6,
  ).map((word) => `"${word}"`),
  wordsOf([...'[]{},: '.split(''), '"a"', '"b":', '1', 'null', 'true', 'fals', 'false', 'nul'], 8),
);

describe('a row that is read without being parsed', () => {
  it('says what it says when it is parsed', () => {
    fc.assert(
      fc.property(fc.oneof(rows, spoiltRows), (text) => {
        const whole = readWhole(text);
        expect(read(text) ?? whole).toEqual(whole);
      }),
      { numRuns: 3000 },
    );
  });

  it('is taken exactly where it is JSON', () => {
    const places = fc.constantFrom(
      (value: string) => `{"a":${value}}`,
      (value: string) => `[${value} ]`,
      (value: string) => `{${value}}`,
    );
    fc.assert(
      fc.property(likeValues, places, (value, place) => {
        const row = JSON.stringify(nativeRow());
        const text = `${row.slice(0, -1)},"full_request":${place(value)}}`;
        expect(read(text)).toEqual(readWhole(text));
      }),
      { numRuns: 10_000 },
    );
  });

  it.each([
    ['the same escapes', '"caf\\u00e9"', '"caf\\u00e9"'],
    ['escapes in one', '"caf\\u00e9"', '"café"'],
    ['escapes in the other', '"café"', '"caf\\u00e9"'],
    ['no escapes', '"café"', '"café"'],
    ['other letters', '"caf\\u00e9"', '"cafe"'],
  ])('is labelled by its names, with %s', (_, name, traceName) => {
    const row = JSON.stringify(nativeRow());
    const text = `${row.slice(0, -1)},"span_name":${name},"trace_name":${traceName}}`;
    expect(read(text)).toEqual(readWhole(text));
    expect(read(text)).toBeDefined();
  });

  it.each([
    '0123456789',
    '0000000000',
    '00000000-0000-0000-0000-000000000000',
    '-000000000',
    '000000000x',
    '0-0-0-0-0-0-',
  ])('has the id %s where a parsed row has it', (id) => {
    for (const field of ['trace_unique_id', 'span_unique_id', 'span_parent_id']) {
      const text = JSON.stringify(nativeRow({ [field]: id }));
      expect(read(text)).toEqual(readWhole(text));
    }
  });

  it.each([
    ['of a megabyte and more', { output: 'x'.repeat(1024 * 1024) }],
    ['of more values than there is room for', { full_request: Array.from({ length: 70_000 }, () => 1) }],
  ])('is refused %s', (_, overrides) => {
    expect(read(JSON.stringify(nativeRow(overrides)))).toBeUndefined();
  });

  it('may lie anywhere in a block of any size', () => {
    const length = fc.oneof(fc.nat(100), fc.nat(300_000), fc.integer({ min: 1_048_000, max: 1_048_600 }));
    fc.assert(
      fc.property(fc.array(length, { minLength: 1, maxLength: 8 }), (lengths) => {
        const texts = lengths.map((count, row) =>
          JSON.stringify(nativeRow({ span_unique_id: `span-${row}`, input: 'x'.repeat(count) })),
        );
        const block = Buffer.from(texts.join('\n'));
        reader.open(block);
        let start = 0;
        for (const text of texts) {
          const end = start + text.length;
          const digest = reader.read(start, end, maxDepth, now) ? reader.digest : undefined;
          expect(digest).toEqual(text.length > 1024 * 1024 ? undefined : readWhole(text));
          start = end + 1;
        }
      }),
      { numRuns: 30 },
    );
  });

  it('may touch the one behind it', () => {
    const rows = ['a', 'b', 'c'].map((id) => JSON.stringify(nativeRow({ span_unique_id: id })));
    reader.open(Buffer.from(rows.join('')));
    let start = 0;
    for (const row of rows) {
      expect(reader.read(start, start + row.length, maxDepth, now)).toBe(true);
      expect(reader.digest).toMatchObject(readWhole(row)!);
      start += row.length;
    }
  });

  it('is taken wherever it passes as it is', () => {
    const members = fc.dictionary(fc.constantFrom(...fieldRules.keys()), values, { maxKeys: 6 });
    fc.assert(
      fc.property(members, fc.constantFrom('', ' ', '\t'), (overrides, space) => {
        const text = written(Object.entries(nativeRow(overrides)), space);
        expect(read(text)).toEqual(readWhole(text));
      }),
      { numRuns: 3000 },
    );
  });
});
