import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { jsonText } from '../../src/span/json-text.js';

const pieces = fc.constantFrom(
  '\\',
  '"',
  '\n',
  '\t',
  '\r',
  '\u0000',
  '\u001f',
  '\u007f',
  'é',
  '数',
  '🙂',
  '\ud83d',
  'words ',
);
const texts = fc
  .array(pieces, { maxLength: 60 })
  .map((parts) => parts.join(''))
  .map((text) => text.padEnd(120, ' of no importance'));

describe('JSON text', () => {
  it('is what JSON.stringify gives, for short and long strings and whatever must be escaped', () => {
    fc.assert(
      fc.property(fc.oneof(texts, fc.string({ unit: 'binary' })), (text) => {
        expect(jsonText(text)).toBe(JSON.stringify(text));
      }),
    );
  });

  it('is what JSON.stringify gives, for values of any depth', () => {
    fc.assert(
      fc.property(fc.jsonValue(), texts, (value, text) => {
        for (const each of [value, [value, text], { [text]: value, text, none: undefined }, [1.5, value, -0]])
          expect(jsonText(each)).toBe(JSON.stringify(each));
      }),
    );
  });
});
