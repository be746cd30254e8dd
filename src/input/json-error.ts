import { stringEnd } from './non-finite.js';

/** Where a text stops being JSON. */
export interface JsonError {
  /** Index in the text of the first character that cannot stand there; the length where the text stops early. */
  index: number;
  /** True where the text is the beginning of a JSON value and only its end is missing. */
  truncated: boolean;
}

// The words that `nullNonFinite` mends are no errors: what else is wrong with the row is.
const scalar =
  /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|(?:true|false|null|NaN|-?Infinity)(?!\w)/y;
const unfinishedScalar =
  /(?:-?(?:0|[1-9]\d*)?(?:\.\d*)?(?:[eE][+-]?\d*)?|t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?)$/y;
const space = /[ \t\n\r]*/y;
const badInString = /[^ -\uffff]|\\(?!["\\/bfnrt]|u[\da-fA-F]{4})/g;
const unfinishedEscape = /^\\(?:u[\da-fA-F]{0,3})?$/;

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or close';

/**
 * Finds what `JSON.parse` only says in words that differ between engine versions and often leave out the position.
 * Iterative, so that no nesting is too deep for it. Returns undefined for valid JSON.
 */
export function findJsonError(text: string): JsonError | undefined {
  const closers: string[] = [];
  let expected: Expected = 'value';
  let at = 0;
  for (;;) {
    at = skip(space, text, at);
    if (at === text.length) {
      return closers.length === 0 && expected === ', or close' ? undefined : { index: at, truncated: true };
    }
    const character = text[at];
    if (character === '"' && expected !== ':' && expected !== ', or close') {
      const bad = findStringError(text, at);
      if (bad !== undefined) return bad;
      at = stringEnd(text, at);
      expected = expected.startsWith('key') ? ':' : ', or close';
    } else if (character === ':' && expected === ':') {
      at++;
      expected = 'value';
    } else if (character === ',' && expected === ', or close' && closers.length > 0) {
      at++;
      expected = closers.at(-1) === '}' ? 'key' : 'value';
    } else if (character === closers.at(-1) && mayClose(expected)) {
      closers.pop();
      at++;
      expected = ', or close';
    } else if (!expected.startsWith('value')) {
      return { index: at, truncated: false };
    } else if (character === '{' || character === '[') {
      closers.push(character === '{' ? '}' : ']');
      at++;
      expected = character === '{' ? 'key or }' : 'value or ]';
    } else {
      const end = skip(scalar, text, at);
      if (end === at) return { index: at, truncated: skip(unfinishedScalar, text, at) > at };
      at = end;
      expected = ', or close';
    }
  }
}

function mayClose(expected: Expected): boolean {
  return expected === ', or close' || expected === 'key or }' || expected === 'value or ]';
}

/** The first bad character inside the string that opens at `open`, or its missing end. */
function findStringError(text: string, open: number): JsonError | undefined {
  const end = stringEnd(text, open);
  const closed = end <= text.length && end > open + 1 && text[end - 1] === '"' && !escapedAt(text, end - 1);
  const content = text.slice(open + 1, closed ? end - 1 : end);
  badInString.lastIndex = 0;
  for (let found = badInString.exec(content); found !== null; found = badInString.exec(content)) {
    if (found[0].startsWith('\\')) {
      if (!closed && unfinishedEscape.test(content.slice(found.index))) break;
      // The pattern sees a pair of backslashes as one escape only when it starts on the first of them.
      if (escapedAt(content, found.index)) continue;
    }
    return { index: open + 1 + found.index, truncated: false };
  }
  return closed ? undefined : { index: text.length, truncated: true };
}

function escapedAt(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
