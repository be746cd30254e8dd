import { describe, expect, it } from 'vitest';

import { parseRedactPattern } from '../../src/redact-pattern.js';

describe('a pattern to redact', () => {
  it.each([
    ['\\d{3}-\\d{4}', 'call 555-1234', 'call #'],
    ['\\w+@(\\w+\\.)+\\w+', 'a@b.co.uk!', '#!'],
    ['(?:\\d[ -]?){13,16}', '4111 1111 1111 1111', '#'],
    ['/sk-[a-z]+/i', 'SK-ABC', '#'],
    ['/path/to', 'at /path/to', 'at #'],
    ['\\p{Lu}+', 'É', '#'],
  ])('%s is read as written', (pattern, text, expected) => {
    expect(text.replace(parseRedactPattern(pattern), '#')).toBe(expected);
  });

  it.each([
    ['no regular expression', '('],
    ['no regular expression', '/a/x(/'],
    ['an empty match', 'a*'],
    ['an empty match', ''],
    ['exponential time', '(a+)+$'],
    ['exponential time', '(\\w+\\s?)+$'],
    ['exponential time', '(?:ab|(?:ab)+)+$'],
    ['exponential time', '(q|q)+$'],
  ])('is refused for %s: %s', (_, pattern) => {
    expect(() => parseRedactPattern(pattern)).toThrow(
      expect.objectContaining({ code: 'bad_option', exitCode: 2 }),
    );
  });
});
