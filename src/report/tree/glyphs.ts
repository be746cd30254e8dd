/** The signs that a drawing is made of. */
export interface Glyphs {
  child: string;
  lastChild: string;
  /** Beside the children of an earlier sibling, and where none follows; as wide as a connector. */
  rail: string;
  gap: string;
  cut: string;
  bar: string;
  /** A bar that begins or ends in the middle of a column. */
  barStart: string;
  barEnd: string;
  foldedBar: string;
  /** Something without a duration. */
  event: string;
  separator: string;
  arrow: string;
  micro: string;
  warning: string;
  error: string;
}

const unicode: Glyphs = {
  child: '├─ ',
  lastChild: '└─ ',
  rail: '│  ',
  gap: '   ',
  cut: '…',
  bar: '━',
  barStart: '╺',
  barEnd: '╸',
  foldedBar: '┄',
  event: '·',
  separator: ' · ',
  arrow: '→',
  micro: 'µ',
  warning: '⚠',
  error: '✗',
};

const ascii: Glyphs = {
  child: '|- ',
  lastChild: '`- ',
  rail: '|  ',
  gap: '   ',
  cut: '...',
  bar: '=',
  barStart: '=',
  barEnd: '=',
  foldedBar: '-',
  event: '.',
  separator: ' - ',
  arrow: '->',
  micro: 'u',
  warning: '!',
  error: 'x',
};

export function glyphsFor(output: { ascii: boolean }): Glyphs {
  return output.ascii ? ascii : unicode;
}
