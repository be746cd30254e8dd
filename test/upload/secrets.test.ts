import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { Secrets } from '../../src/secrets.js';

const key = 'sk-live/9+A"b\\c=';
const code = (character: string): string => character.charCodeAt(0).toString(16).padStart(4, '0');

describe('a key is struck out of what others wrote', () => {
  test.each<[string, string]>([
    ['as it is', key],
    ['with the escapes of JSON', JSON.stringify(key).slice(1, -1)],
    [
      'with escaped slashes',
      JSON.stringify(key)
        .slice(1, -1)
        .replaceAll('/', String.raw`\/`),
    ],
    ['all in escapes', Array.from(key, (character) => String.raw`\u${code(character)}`).join('')],
    ['with the escapes of URLs', encodeURIComponent(key)],
    ['with the escapes of HTML', Array.from(key, (character) => `&#x${code(character)};`).join('')],
    ['in Base64', Buffer.from(key).toString('base64')],
  ])('%s', (_name, spelled) => {
    const secrets = new Secrets([key]);
    expect(secrets.strike(`the key "${spelled}" is bad`)).toBe('the key "[key]" is bad');
  });

  test.each(['', 'a', 'ab', 'Bearer ', 'user:', '{"key":"'])(
    'in the Base64 of %j and what follows it',
    (before) => {
      const secrets = new Secrets([key]);
      for (const encoding of ['base64', 'base64url'] as const) {
        for (const after of ['', '!', '"}', '"}\n']) {
          const struck = secrets.strike(Buffer.from(before + key + after).toString(encoding));
          expect(struck).toContain('[key]');
          expect(Buffer.from(struck.replace('[key]', ''), 'base64').toString('latin1')).not.toContain(
            key.slice(2, 6),
          );
        }
      }
    },
  );

  test('whatever it is made of, and nothing else is', () => {
    const visible = fc.integer({ min: 0x21, max: 0x7e }).map((point) => String.fromCharCode(point));
    const anyKey = fc.string({ unit: visible, minLength: 8, maxLength: 60 });
    fc.assert(
      fc.property(anyKey, (secret) => {
        const struck = new Secrets([secret]).strike(`before ${JSON.stringify({ detail: secret })} after`);
        expect(struck).toBe('before {"detail":"[key]"} after');
      }),
    );
  });

  test('the same where something else is escaped and where nothing is', () => {
    const piece = fc.oneof(
      fc.constantFrom(key, 'plain/key-9+A', ' ', '"', Buffer.from(`x${key}`).toString('base64')),
      fc.string({ maxLength: 5 }),
    );
    const texts = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(texts, fc.constantFrom(key, 'plain/key-9+A'), (text, secret) => {
        const secrets = new Secrets([secret]);
        expect(secrets.strike(`${text} 100 %, \\n`)).toBe(`${secrets.strike(`${text} `)}100 %, \\n`);
      }),
    );
  });

  test('a short word is no key', () => {
    expect(new Secrets(['ok']).strike('{"status":"ok"}')).toBe('{"status":"ok"}');
  });
});
