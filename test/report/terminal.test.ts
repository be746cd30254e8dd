import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createOutput, sanitise, toAscii, type OutputOptions } from '../../src/report/terminal.js';
import { RecordingStream } from './factories.js';

describe('sanitise', () => {
  test.each([
    ['escape sequences', '\u001b[31mred', '\\u{1b}[31mred'],
    ['line ends and tabs', 'a\r\nb\tc', 'a\\u{d}\\u{a}b\\u{9}c'],
    ['C1 controls', '\u009b2J', '\\u{9b}2J'],
    ['bidirectional overrides', 'a\u202eb\u2066', 'a\\u{202e}b\\u{2066}'],
    ['zero-width characters', 'a\u200b\ufeff\u2060', 'a\\u{200b}\\u{feff}\\u{2060}'],
    ['lone surrogates', 'a\ud800b', 'a\\u{d800}b'],
    ['line separators', '\u2028', '\\u{2028}'],
  ])('shows %s as code points', (_name, text, shown) => {
    expect(sanitise(text)).toBe(shown);
  });

  test('leaves everything that can be seen as it is', () => {
    expect(sanitise('Grüße, 世界 😀 "quoted" \\u{41}')).toBe('Grüße, 世界 😀 "quoted" \\u{41}');
  });

  test('never exceeds the maximum, never splits a character, and is safe for any text', () => {
    const anyText = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 40 }), (text, max) => {
        const shown = sanitise(text, max);
        expect(shown.length).toBeLessThanOrEqual(max);
        expect(shown.isWellFormed()).toBe(true);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        const whole = sanitise(text);
        expect(whole.length <= max ? shown === whole : shown.endsWith('…')).toBe(true);
      }),
    );
  });
});

test('--ascii replaces the decoration', () => {
  expect(toAscii('1 row · 2 spans …')).toBe('1 row - 2 spans ...');
});

function outputWith(overrides: Partial<OutputOptions> & { tty?: ('stdout' | 'stderr')[] }) {
  const { tty = [], ...options } = overrides;
  const stdout = new RecordingStream(tty.includes('stdout') ? { columns: 100 } : undefined);
  const stderr = new RecordingStream(tty.includes('stderr') ? { columns: 60 } : undefined);
  const output = createOutput({ stdout, stderr, env: {}, colour: 'auto', ascii: false, ...options });
  const coloured = (channel: 'stdout' | 'stderr') => output[channel].paint.bad('x') !== 'x';
  return { stdout, stderr, output, colours: [coloured('stdout'), coloured('stderr')] };
}

describe('colour', () => {
  test.each([
    ['a terminal gets it, a pipe does not', { tty: ['stderr' as const] }, [false, true]],
    ['NO_COLOR', { tty: ['stdout' as const, 'stderr' as const], env: { NO_COLOR: '1' } }, [false, false]],
    ['empty NO_COLOR counts as unset', { tty: ['stdout' as const], env: { NO_COLOR: '' } }, [true, false]],
    ['FORCE_COLOR without a terminal', { env: { FORCE_COLOR: '1' } }, [true, true]],
    ['FORCE_COLOR beats NO_COLOR', { env: { FORCE_COLOR: '1', NO_COLOR: '1' } }, [true, true]],
    ['FORCE_COLOR=0', { tty: ['stdout' as const], env: { FORCE_COLOR: '0' } }, [false, false]],
    ['a dumb terminal', { tty: ['stdout' as const], env: { TERM: 'dumb' } }, [false, false]],
    ['--no-color beats FORCE_COLOR', { colour: 'never' as const, env: { FORCE_COLOR: '1' } }, [false, false]],
    ['always beats NO_COLOR', { colour: 'always' as const, env: { NO_COLOR: '1' } }, [true, true]],
  ])('%s', (_name, options, expected) => {
    expect(outputWith(options).colours).toEqual(expected);
  });
});

describe('output', () => {
  test('knows width and interactivity per stream', () => {
    const { output } = outputWith({ tty: ['stderr'] });
    expect([output.stdout.interactive, output.stdout.width]).toEqual([false, 100]);
    expect([output.stderr.interactive, output.stderr.width]).toEqual([true, 60]);
  });

  test('a status line is erased before anything else is written', () => {
    const { output, stderr, stdout } = outputWith({ tty: ['stderr'] });
    output.status('reading');
    output.writeError('notice\n');
    output.status('reading more');
    output.write('result\n');
    output.status('');
    expect(stderr.text).toBe('reading\r\u001b[2Knotice\nreading more\r\u001b[2K');
    expect(stdout.text).toBe('result\n');
  });

  test('a closed stdout silences that stream alone', () => {
    const { output, stderr, stdout } = outputWith({});
    stdout.fail('EPIPE');
    output.write('lost');
    output.writeError('kept');
    expect([stdout.text, stderr.text]).toEqual(['', 'kept']);
  });

  test('any other failure of stdout is told once on stderr', () => {
    const { stdout, stderr } = outputWith({});
    stdout.fail('ENOSPC');
    stdout.fail('ENOSPC');
    expect(stderr.text.match(/ENOSPC/g)).toHaveLength(1);
  });
});
