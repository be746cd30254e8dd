import type { Glyphs } from './glyphs.js';

/** Of the width, for the lines before the names. */
const shareOfRails = 1 / 3;
const cellsOfLevel = 3;
const fewestLevels = 2;

/** Draws the lines before the names of a tree, row by row from the top. */
export class TreeRails {
  /** Levels deeper than this are told by their number. */
  private readonly levels: number;
  /** By depth: whether another row of the same parent follows. */
  private readonly open: boolean[] = [];

  constructor(
    private readonly glyphs: Pick<Glyphs, 'child' | 'lastChild' | 'rail' | 'gap' | 'cut'>,
    width: number,
  ) {
    this.levels = Math.max(fewestLevels, Math.floor((width * shareOfRails) / cellsOfLevel));
  }

  before({ depth, last }: { depth: number; last: boolean }): string {
    this.open[depth] = !last;
    if (depth === 0) return '';
    const { child, lastChild, rail, gap, cut } = this.glyphs;
    const connector = last ? lastChild : child;
    if (depth > this.levels) {
      return `${`${cut}${depth} `.padStart((this.levels - 1) * cellsOfLevel)}${connector}`;
    }
    let rails = '';
    for (let level = 1; level < depth; level++) rails += this.open[level] === true ? rail : gap;
    return rails + connector;
  }
}
