import type { DrawnRow, DrawnSpan } from '../../tree/drawn-trace.js';
import { formatCount, formatThings } from '../figures.js';
import { sanitise } from '../terminal.js';
import type { Glyphs } from './glyphs.js';

/** The kinds of marks that a legend explains. */
export type Mark = 'path' | 'time' | 'ambiguous' | 'outside' | 'hidden' | 'folded';

const longestName = 255;

/** Findings that the place of a row tells: below a missing parent, or beside another root. */
const shownByTree = new Set(['orphan_parent', 'multiple_roots']);
/** Findings in words that leave room for the name. */
const shortCodes: Readonly<Record<string, string>> = { child_outside_parent: 'outside' };

/** What a row is called, fit for a terminal. */
export function nameOf(row: DrawnRow, glyphs: Glyphs): string {
  switch (row.kind) {
    case 'above':
      return `${glyphs.cut} ${formatThings(row.levels, 'span')} above`;
    case 'missing':
      return `${glyphs.warning} parent ${sanitise(row.spanId, longestName)} is missing`;
    case 'folded': {
      if (row.names === 'mixed') return `${glyphs.cut} ${formatThings(row.count + row.hidden, 'more span')}`;
      const like = row.names === 'alike' ? 'like ' : '';
      return `${glyphs.cut} ${formatCount(row.count)} more ${like}${named(row.name)}`;
    }
    case 'span':
      return named(row.facts.name);
  }
}

function named(name: string | undefined): string {
  return name === undefined ? '(no name)' : sanitise(name, longestName);
}

/** What stands behind a row's name, and the kinds of it. */
export function marksOf(row: DrawnRow, glyphs: Glyphs): { text: string; kinds: Mark[] } {
  const marks: string[] = [];
  const kinds: Mark[] = [];
  const add = (mark: string, kind: Mark): void => {
    marks.push(mark);
    kinds.push(kind);
  };
  if (row.kind === 'folded') kinds.push('folded');
  if (row.kind === 'span') {
    if (row.edge?.origin === 'path') add('/', 'path');
    if (row.edge?.origin === 'time') add('~', 'time');
    if (row.edge?.origin === 'ambiguous') add(`?${row.edge.candidates}`, 'ambiguous');
    const error = errorOf(row, glyphs);
    if (error !== undefined) marks.push(error);
    for (const code of row.findings) {
      if (!shownByTree.has(code)) marks.push(`${glyphs.warning} ${sanitise(shortCodes[code] ?? code)}`);
      if (code === 'child_outside_parent') kinds.push('outside');
    }
  }
  const isCountedInName = row.kind === 'folded' && row.names === 'mixed';
  if (row.hidden > 0 && !isCountedInName) add(`(+${formatCount(row.hidden)})`, 'hidden');
  return { text: marks.join(' '), kinds };
}

function errorOf({ facts }: DrawnSpan, glyphs: Glyphs): string | undefined {
  if (facts.error === undefined) return undefined;
  const { statusCode } = facts.error;
  return statusCode === undefined ? glyphs.error : `${glyphs.error} ${statusCode}`;
}

const meanings: Record<Mark, (glyphs: Glyphs, unfold: string | undefined) => string> = {
  time: () => '~ parent inferred from times',
  ambiguous: () => '?N one of N likely parents',
  path: () => '/ parent from a path',
  outside: ({ warning }) => `${warning} outside of its parent's time`,
  hidden: () => '(+N) N spans below are not drawn',
  folded: ({ cut }, unfold) =>
    `${cut} siblings that share a row, their durations added up${unfold === undefined ? '' : `; ${unfold}`}`,
};

/** One part for each kind of mark that occurred. */
export function legendOf(kinds: ReadonlySet<Mark>, glyphs: Glyphs, unfold: string | undefined): string[] {
  const all: readonly Mark[] = ['path', 'time', 'ambiguous', 'outside', 'hidden', 'folded'];
  return all.filter((kind) => kinds.has(kind)).map((kind) => meanings[kind](glyphs, unfold));
}
