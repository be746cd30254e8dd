import { noSpan, type TraceIndex } from '../trace/trace-index.js';
import type { TraceTree } from './trace-tree.js';
import {
  fewestFolded,
  nameAndKind,
  parentOf,
  treeRows,
  walk,
  withAncestors,
  type Item,
  type TreeRow,
} from './tree-rows.js';

/** Ancestors and children of a blamed span that are drawn with it. */
const nearestAncestors = 3;
const nearestChildren = 3;

/**
 * At most `most` rows of a tree, 20 or more: the whole tree where it fits, else the surroundings of the blamed spans, as
 * many of them as fit; and where there are none, its upper levels.
 */
export function excerpt(
  index: TraceIndex,
  tree: TraceTree,
  blamed: readonly number[],
  most: number,
): TreeRow[] {
  const unfolded = withAncestors(index, blamed);
  const sizes = rowsByDepth(index, tree, unfolded);
  const [first, ...others] = blamed;
  if (first === undefined || sizes.reduce((sum, size) => sum + size, 0) <= most)
    return upperRows(index, tree, sizes, most, unfolded);
  let rows = rowsAround(index, tree, [first]);
  for (let count = 1; count <= others.length; count++) {
    const more = rowsAround(index, tree, blamed.slice(0, count + 1));
    if (more.length > most) break;
    rows = more;
  }
  return rows;
}

function rowsByDepth(index: TraceIndex, tree: TraceTree, unfolded: ReadonlySet<number>): number[] {
  const sizes: number[] = [];
  for (const { depth } of treeRows(index, tree, { depth: Infinity, all: false, unfolded })) {
    sizes[depth] = (sizes[depth] ?? 0) + 1;
  }
  return sizes;
}

/** As many whole levels as fit, and the first rows of the next. Parents count what is left out. */
function upperRows(
  index: TraceIndex,
  tree: TraceTree,
  sizes: readonly number[],
  most: number,
  unfolded: ReadonlySet<number>,
): TreeRow[] {
  let levels = 0;
  let left = most;
  for (; levels < sizes.length && sizes[levels]! <= left; levels++) left -= sizes[levels]!;
  const rows: TreeRow[] = [];
  let parent: TreeRow | undefined;
  const rest: number[] = [];
  for (const row of treeRows(index, tree, { depth: levels + 1, all: false, unfolded })) {
    if (row.depth < levels) {
      parent = row;
      rows.push(row);
    } else if (left > (levels === 0 ? 1 : 0)) {
      left -= 1;
      rows.push(row);
    } else if (parent !== undefined) parent.hidden += spansIn(row);
    else rest.push(...spansOf(row));
  }
  if (rest.length > 0) {
    const hidden = rest.reduce((sum, span) => sum + tree.sizeOf(span), 0) - rest.length;
    rows.push({ kind: 'folded', depth: 0, last: true, hidden, spans: rest, alike: false });
  }
  return withLast(rows);
}

function spansOf(row: TreeRow): readonly number[] {
  return row.kind === 'folded' ? row.spans : row.kind === 'above' ? [] : [row.span];
}

/** Defined spans for which the row stands. */
function spansIn(row: TreeRow): number {
  return row.hidden + (row.kind === 'folded' ? row.spans.length : row.kind === 'span' ? 1 : 0);
}

/** Says anew which rows are the last of their parent, since some of them were left out. */
function withLast(rows: TreeRow[]): TreeRow[] {
  const later: boolean[] = [];
  for (const row of rows.toReversed()) {
    row.last = later[row.depth] !== true;
    later.length = row.depth;
    later[row.depth] = true;
  }
  return rows;
}

/** The blamed spans with a few of their ancestors and children; siblings of all of these share a row. */
function rowsAround(index: TraceIndex, tree: TraceTree, blamed: readonly number[]): TreeRow[] {
  const opened = new Set<number>();
  const wanted = new Set<number>();
  for (const span of blamed) {
    let above = span;
    for (let steps = 0; steps <= nearestAncestors && above !== noSpan; steps++) {
      opened.add(above);
      wanted.add(above);
      above = parentOf(index, above);
    }
    for (const child of tree.childrenOf(span).slice(0, nearestChildren)) wanted.add(child);
  }
  const itemsOf = (siblings: readonly number[]): Item[] => {
    const others = siblings.filter((span) => !wanted.has(span));
    if (others.length < fewestFolded) return siblings.map((span) => ({ span }));
    const alike = new Set(others.map((span) => nameAndKind(index, span))).size === 1;
    const drawn: Item[] = siblings.filter((span) => wanted.has(span)).map((span) => ({ span }));
    return [...drawn, { folded: others, alike: alike && others.every((span) => index.isDefined(span)) }];
  };
  const inTheMiddle: Item[] = [];
  for (const span of opened) {
    const parent = parentOf(index, span);
    if (parent === noSpan || opened.has(parent)) continue;
    inTheMiddle.push({ above: levelsAbove(index, span), below: [{ span }] });
  }
  const topIsWanted = tree.tops.some((span) => wanted.has(span));
  const tops = topIsWanted ? [...itemsOf(tree.tops), ...inTheMiddle] : inTheMiddle;
  return [...walk(index, tree, tops, (span) => (opened.has(span) ? itemsOf(tree.childrenOf(span)) : []))];
}

function levelsAbove(index: TraceIndex, span: number): number {
  let levels = 0;
  for (let above = parentOf(index, span); above !== noSpan; above = parentOf(index, above)) levels += 1;
  return levels;
}
