import vm from 'node:vm';

import { usageError } from './errors.js';
import { shown } from './span/text.js';

const probeLength = 40;
const probeMilliseconds = 500;
/** What patterns look for beyond the words that they spell out. */
const commonCharacters = ['a', 'A', '0', ' ', '-', '_', '.', '@', '/', ':'];

/**
 * Reads a `--redact` pattern: JavaScript's syntax with the flags `g` and `u`, or `/pattern/flags`. Refuses one that
 * matches nothing at all everywhere (`a*`), and one that takes exponential time: it is tried on runs of its own
 * characters that end in a mismatch, within a time limit. The trial is no proof, and a pattern of quadratic time (`\s+$`)
 * passes.
 */
export function parseRedactPattern(text: string): RegExp {
  const pattern = compile(text);
  if (pattern.test('')) {
    throw badPattern(text, 'matches the empty text, so it would match everywhere', 'use + in place of *');
  }
  const context = vm.createContext({ source: pattern.source, flags: pattern.flags, texts: probes(text) });
  try {
    vm.runInContext('texts.forEach((text) => text.replace(new RegExp(source, flags), ""))', context, {
      timeout: probeMilliseconds,
    });
  } catch {
    const hint = 'repeat no group that is itself repeated: (a+)+ is a+';
    throw badPattern(text, 'takes exponential time on some texts', hint);
  }
  return pattern;
}

function compile(text: string): RegExp {
  const written = /^\/(.+)\/([ims]*)$/s.exec(text);
  try {
    return new RegExp(written?.[1] ?? text, `gu${written?.[2] ?? ''}`);
  } catch (error) {
    // Node quotes the whole pattern before it says what is wrong.
    const reason = error instanceof Error ? error.message.split(': ').at(-1) : 'invalid';
    const hint =
      "put a backslash before a sign that stands for itself, as in \\(, and quote all for the shell: '…'";
    throw badPattern(text, `is no regular expression (${reason})`, hint);
  }
}

/** Each character and each word of the pattern over and over, ended by something that it hardly looks for. */
function probes(text: string): string[] {
  const words = text.match(/[\p{L}\p{N}]{2,}/gu) ?? [];
  return [...new Set([...commonCharacters, ...Array.from(text), ...words])].map(
    (unit) => `${unit.repeat(probeLength)}\u0000`,
  );
}

function badPattern(text: string, message: string, hint: string): Error {
  return usageError('bad_option', `--redact: ${shown(text)} ${message}`, hint);
}
