import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonError } from '../../src/input/json-error.js';

describe('the place where JSON goes wrong', () => {
  it('is none in valid JSON', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(findJsonError(text)).toBeUndefined();
      }),
    );
  });

  it('is the end of every proper beginning of an object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), fc.nat(), (value, cut) => {
        const text = JSON.stringify(value, null, 1);
        expect(findJsonError(text.slice(0, cut % text.length))).toMatchObject({ truncated: true });
      }),
    );
  });

  it('is found in whatever the parser refuses, and in nothing else', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      '1',
      '-',
      '.5',
      'e3',
      'true',
      'nul',
      '\\',
      '\\u00',
      'a',
      ' ',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join('');
        expect(findJsonError(text) === undefined).toBe(parses(text));
      }),
      { numRuns: 5000 },
    );
  });

  it('is told by its index', () => {
    expect(findJsonError('{"a": oops}')).toEqual({ index: 6, truncated: false });
    expect(findJsonError('{"a":1,}')).toEqual({ index: 7, truncated: false });
    expect(findJsonError('{"a":"x\ny"}')).toEqual({ index: 7, truncated: false });
    expect(findJsonError('{"a":"\\q"}')).toEqual({ index: 6, truncated: false });
    expect(findJsonError('{} {}')).toEqual({ index: 3, truncated: false });
  });
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
