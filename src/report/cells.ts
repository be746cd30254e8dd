/**
 * Columns that text takes in a terminal. Node measures this only inside of `readline`, so the rule is here: what
 * Unicode's EastAsianWidth.txt calls wide or fullwidth takes two columns, as does an emoji; marks take none.
 */

/** Ranges of wide characters beside emoji, first and last code point; unassigned ones between them are wide too. */
const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f], // Hangul initial consonants
  [0x2329, 0x232a],
  [0x2e80, 0x303e], // CJK radicals and punctuation
  [0x3041, 0x4dbf], // kana, CJK symbols, extension A; the hexagrams after it are narrow
  [0x4e00, 0xa4cf], // CJK, Yi
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3], // Hangul
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6b],
  [0xff01, 0xff60], // fullwidth forms
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff], // Tangut, Khitan
  [0x1aff0, 0x1b2ff], // kana supplements, Nushu
  [0x1f200, 0x1f265], // enclosed ideographs
  [0x20000, 0x3fffd],
];

/** A column for each UTF-16 unit: ASCII, the Latin letters beyond it, and what trees are drawn with: … → lines ⚠ ✗. */
const onlyNarrow = /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff\u2026\u2192\u2500-\u257f\u26a0\u2717]*$/;
const emoji = /\p{Emoji_Presentation}|\p{Emoji}\ufe0f/u;
/** Marks, and the Hangul vowels and final consonants that join the consonant before them. */
const takesNone = /[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]/u;
let segmenter: Intl.Segmenter | undefined;

/** Made when it is needed: it takes 8 ms, and most text does without. */
function graphemesOf(text: string): Iterable<Intl.SegmentData> {
  segmenter ??= new Intl.Segmenter();
  return segmenter.segment(text);
}

/** Columns of a text without control characters. */
export function cellsOf(text: string): number {
  if (onlyNarrow.test(text)) return text.length;
  let cells = 0;
  for (const { segment } of graphemesOf(text)) cells += cellsOfGrapheme(segment);
  return cells;
}

/** The text, or as much of its beginning as fits beside the sign of a cut. */
export function cutToCells(text: string, most: number, sign: string): string {
  // No UTF-16 unit takes more than two columns: a text this short needs no measuring.
  if (text.length * 2 <= most || cellsOf(text) <= most) return text;
  const room = most - cellsOf(sign);
  if (room < 0) return cutToCells(sign, most, '');
  let kept = '';
  let cells = 0;
  for (const { segment } of graphemesOf(text)) {
    cells += cellsOfGrapheme(segment);
    if (cells > room) break;
    kept += segment;
  }
  return kept + sign;
}

export function padToCells(text: string, cells: number): string {
  return text + ' '.repeat(Math.max(0, cells - cellsOf(text)));
}

export function padStartToCells(text: string, cells: number): string {
  return ' '.repeat(Math.max(0, cells - cellsOf(text))) + text;
}

function cellsOfGrapheme(grapheme: string): number {
  if (emoji.test(grapheme)) return 2;
  let cells = 0;
  for (const character of grapheme) {
    if (!takesNone.test(character)) cells += isWide(character.codePointAt(0) ?? 0) ? 2 : 1;
  }
  return cells;
}

function isWide(point: number): boolean {
  return wideRanges.some(([first, last]) => point >= first && point <= last);
}
