import { describe, expect, it } from 'vitest';
import { ImportError } from '../../src/errors.js';
import { parseSet } from '../../src/span/options.js';
import { sourceText } from '../../src/span/source-text.js';
import { validateTimezone } from '../../src/span/timezone.js';

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ImportError) return error.code;
    throw error;
  }
  return 'no error';
}

describe('--set', () => {
  it.each<[string, string, unknown]>([
    ['environment=staging', 'environment', 'staging'],
    ['model=4', 'model', '4'],
    ['cost=0.5', 'cost', 0.5],
    ['stream=yes', 'stream', true],
    ['log_type=llm', 'log_type', 'generation'],
    ['properties={"a":1}', 'properties', { a: 1 }],
    ['metadata.team=a=b', 'metadata.team', 'a=b'],
    ['start_time=2025-01-01T00:00:00Z', 'start_time', '2025-01-01T00:00:00Z'],
  ])('%s is typed by its field', (argument, field, value) => {
    expect(parseSet(argument)).toEqual({ field, value });
  });

  it.each([
    'environment',
    '=x',
    'nonsense=1',
    'prompt_tokens=many',
    'prompt_tokens=-1',
    'cost=',
    'trace_unique_id=a',
    'api_key=sk',
    'metadata.api_key=sk',
    'start_time=yesterday',
    'log_type=zebra',
  ])('%s is refused', (argument) => {
    expect(codeOf(() => parseSet(argument))).toBe('bad_set');
  });
});

describe('--timezone', () => {
  it.each(['UTC', 'Europe/Paris', '+05:30', '-0330'])('%s is a zone', (zone) => {
    expect(codeOf(() => validateTimezone(zone))).toBe('no error');
  });

  it.each(['Mars/Phobos', '', '+25:00', '+5', 'now'])('%j is none', (zone) => {
    expect(codeOf(() => validateTimezone(zone))).toBe('bad_timezone');
  });
});

describe('source text', () => {
  it('finds values by path, past strings with braces and escapes, the last of repeated keys', () => {
    const json = ' {"a":"}\\"{", "b" : {"id": 12345678901234567890 ,"x":[1,{"id":2}]}, "id":1,"id" :\n 2e3}';
    expect(sourceText(json, ['b', 'id'])).toBe('12345678901234567890');
    expect(sourceText(json, ['id'])).toBe('2e3');
    expect(sourceText(json, ['b', 'x'])).toBe('[1,{"id":2}]');
    expect(sourceText(json, ['c'])).toBeUndefined();
    expect(sourceText(json, ['a', 'id'])).toBeUndefined();
  });
});
