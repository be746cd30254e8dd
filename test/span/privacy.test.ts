import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseFieldPath, protect, type PrivacyRules } from '../../src/span/privacy.js';

function rules(overrides: Partial<PrivacyRules> = {}): PrivacyRules {
  return { drop: [], hash: [], redact: [], ...overrides };
}

const codes = (notes: readonly { code: string }[]): string[] => notes.map(({ code }) => code);

describe('fields without anything forbidden', () => {
  it('are the same object', () => {
    const fields = { input: 'hello', metadata: { user: 'u1' } };
    const all = rules({ drop: ['metadata.email'], hash: ['customer_email'], redact: [/secret/gu] });
    expect(protect(fields, all)).toEqual({ fields, notes: [] });
    expect(protect(fields, all).fields).toBe(fields);
  });
});

describe('dropping', () => {
  it.each([
    ['a field', 'input', { input: 'x', output: 'y' }, { output: 'y' }],
    ['a key of the metadata', 'metadata.a', { metadata: { a: '1', b: '2' } }, { metadata: { b: '2' } }],
    [
      'a key with a dot',
      'metadata.user.mail',
      { metadata: { 'user.mail': 'm', b: '2' } },
      { metadata: { b: '2' } },
    ],
    ['a nested key', 'metadata.u.m', { metadata: { u: { m: 1, n: 2 } } }, { metadata: { u: { n: 2 } } }],
    [
      'a key in JSON text',
      'metadata.u.m',
      { metadata: { u: '{"m":1,"n":2}' } },
      { metadata: { u: '{"n":2}' } },
    ],
    ['a key in a list', 'metadata.u.m', { metadata: { u: [{ m: 1 }, 5] } }, { metadata: { u: [{}, 5] } }],
    [
      'both spellings',
      'metadata.u.m',
      { metadata: { 'u.m': 1, u: { m: 1 }, k: 1 } },
      { metadata: { u: {}, k: 1 } },
    ],
    ['the last key of the metadata', 'metadata.a', { input: 'x', metadata: { a: '1' } }, { input: 'x' }],
  ])('takes away %s', (_, path, fields, left) => {
    const dropped = protect(fields, rules({ drop: [path] }));
    expect(dropped.fields).toEqual(left);
    expect(codes(dropped.notes)).toEqual(['dropped_field']);
  });

  it('does not touch the fields that it was given', () => {
    const fields = { metadata: { u: { m: 1 } } };
    protect(fields, rules({ drop: ['metadata.u.m'] }));
    expect(fields).toEqual({ metadata: { u: { m: 1 } } });
  });
});

const hashOf = (value: unknown): unknown =>
  protect({ customer_identifier: value }, rules({ hash: ['customer_identifier'] })).fields[
    'customer_identifier'
  ];

describe('hashing', () => {
  it('gives equal values equal hashes, as text or as number, and others another', () => {
    expect(hashOf('abc')).toBe('sha256:ba7816bf8f01cfea');
    expect(hashOf(12)).toBe(hashOf('12'));
    expect(hashOf('abd')).not.toBe(hashOf('abc'));
  });

  it('leaves nothing as nothing', () => {
    const fields = { customer_email: '' };
    expect(protect(fields, rules({ hash: ['customer_email'] })).fields).toBe(fields);
  });
});

const redacted = (fields: Record<string, unknown>, ...patterns: RegExp[]): Record<string, unknown> =>
  protect(fields, rules({ redact: patterns })).fields;

describe('redacting', () => {
  it('reaches every text, at any depth', () => {
    const fields = {
      span_name: 'ask a@b.c',
      input: 'from a@b.c, a@b.c',
      prompt_messages: [{ role: 'user', content: [{ type: 'text', text: 'I am a@b.c' }] }],
      metadata: { mail: 'a@b.c', nested: { mails: ['a@b.c'] } },
    };
    expect(redacted(fields, /\w@b\.c/gu)).toEqual({
      span_name: 'ask [redacted]',
      input: 'from [redacted], [redacted]',
      prompt_messages: [{ role: 'user', content: [{ type: 'text', text: 'I am [redacted]' }] }],
      metadata: { mail: '[redacted]', nested: { mails: ['[redacted]'] } },
    });
  });

  it('sees through the escapes of JSON text', () => {
    const input = JSON.stringify({ name: 'O"Neil', city: 'X' }).replace('X', '\\u00e9');
    const { input: after } = redacted({ input }, /O"Neil|é/gu);
    expect(JSON.parse(String(after))).toEqual({ name: '[redacted]', city: '[redacted]' });
  });

  it('finds numbers in JSON text and in the metadata, but not among counts', () => {
    const fields = { input: '[5551234]', prompt_tokens: 5551234, metadata: { phone: 5551234 } };
    expect(redacted(fields, /\d{7}/gu)).toEqual({
      input: '[[redacted]]',
      prompt_tokens: 5551234,
      metadata: { phone: '[redacted]' },
    });
  });

  it('keeps what the destination must understand', () => {
    const fields = {
      log_type: 'chat',
      start_time: '2025-06-05T10:00:00Z',
      prompt_messages: [{ role: 'user', content: 'hi' }],
      span_name: 'x'.repeat(255),
    };
    const { span_name: name, ...rest } = redacted(fields, /./gu);
    expect(rest).toEqual({
      ...fields,
      span_name: undefined,
      prompt_messages: [{ role: 'user', content: '[redacted][redacted]' }],
    });
    expect(name).toHaveLength(255);
  });

  it('searches JSON text that is nested too deep to be walked as text', () => {
    const input = `${'['.repeat(200_000)}"secret"${']'.repeat(200_000)}`;
    expect(redacted({ input }, /secret/gu)['input']).not.toContain('secret');
  });

  it('notes once for each field', () => {
    const fields = { input: 'a a', output: 'a', model: 'b' };
    expect(protect(fields, rules({ redact: [/a/gu] })).notes.map(({ code, field }) => [code, field])).toEqual(
      [
        ['redacted', 'input'],
        ['redacted', 'output'],
      ],
    );
  });

  it('leaves no match behind, whatever the values are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (value, encoded) => {
        const fields = { metadata: { value: encoded ? JSON.stringify(value) : value } };
        const after = redacted(fields, /[xyz]/gu);
        const strings: string[] = [];
        JSON.stringify(after, (_, item: unknown) => {
          if (typeof item === 'string') strings.push(item);
          return item;
        });
        expect(strings.filter((text) => /[xyz]/.test(text))).toEqual([]);
      }),
    );
  });
});

describe('a path', () => {
  it('stands for every name of its field', () => {
    expect(parseFieldPath('--drop-field', 'messages.content').toSorted()).toEqual([
      'messages.content',
      'prompt_messages.content',
    ]);
    expect(parseFieldPath('--hash-field', 'metadata.user.email')).toEqual(['metadata.user.email']);
  });

  it.each(['email', 'metadata.', '', '.input', 'trace_unique_id', 'span_parent_id', 'timestamp', 'log_type'])(
    'is refused where no field can go: %j',
    (path) => {
      expect(() => parseFieldPath('--drop-field', path)).toThrow(
        expect.objectContaining({ code: 'bad_option', exitCode: 2 }),
      );
    },
  );

  it.each(['cost', 'prompt_messages', 'metadata'])(
    'is refused where %s would have to hold a hash',
    (path) => {
      expect(() => parseFieldPath('--hash-field', path)).toThrow(
        expect.objectContaining({ code: 'bad_option' }),
      );
    },
  );
});
