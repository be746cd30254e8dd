/**
 * Python's `json` module writes the bare words `NaN`, `Infinity` and `-Infinity`, which JSON does not know.
 * Returns the text with `null` in their place, or undefined where none of them stands outside of a string.
 */
export function nullNonFinite(text: string): string | undefined {
  if (!text.includes('NaN') && !text.includes('Infinity')) return undefined;
  const word = /"|-?Infinity|NaN/g;
  let result = '';
  let copied = 0;
  for (let found = word.exec(text); found !== null; found = word.exec(text)) {
    if (found[0] === '"') {
      word.lastIndex = stringEnd(text, found.index);
      continue;
    }
    result += text.slice(copied, found.index) + 'null';
    copied = word.lastIndex;
  }
  return copied === 0 ? undefined : result + text.slice(copied);
}

/** Index after the closing quote of the string that opens at `open`; the text's length where it never closes. */
export function stringEnd(text: string, open: number): number {
  let quote = text.indexOf('"', open + 1);
  while (quote !== -1) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
    quote = text.indexOf('"', quote + 1);
  }
  return text.length;
}
