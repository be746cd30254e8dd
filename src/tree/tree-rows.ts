import { kindOfLabel, nameOfLabel } from '../span/label.js';
import { noSpan, type TraceIndex } from '../trace/trace-index.js';
import type { TraceTree } from './trace-tree.js';

interface Placed {
  /** 0 for what stands at the top. A parent has a row above its children, one level less deep. */
  depth: number;
  /** No row of the same parent follows. */
  last: boolean;
  /** Defined spans below this row that have no row. */
  hidden: number;
}

/** A line of a drawn tree. */
export type TreeRow = Placed &
  (
    | { kind: 'span'; span: number }
    /** A parent that no row defines; `child` names it. */
    | { kind: 'missing'; span: number; child: number }
    /** Siblings that share a row: all of one name and kind, or whatever is left. */
    | { kind: 'folded'; spans: readonly number[]; alike: boolean }
    /** So many ancestors of the next row, which are not drawn. */
    | { kind: 'above'; levels: number }
  );

export interface RowOptions {
  /** Levels that are drawn; at least 1. */
  depth: number;
  /** Draws every span for itself. */
  all: boolean;
  /** Drawn for themselves in any case where their parent is. */
  unfolded: ReadonlySet<number>;
}

/** Siblings of one name that are drawn before the rest share a row. */
const drawnAlike = 3;
/** A row for fewer siblings says less than they do, and saves next to nothing. */
export const fewestFolded = 3;

/** The rows of a whole trace from the top, each span's children below it. Walks without recursion. */
export function treeRows(index: TraceIndex, tree: TraceTree, options: RowOptions): Generator<TreeRow> {
  const itemsOf = (siblings: readonly number[]): Item[] =>
    options.all ? siblings.map((span) => ({ span })) : foldAlike(index, siblings, options.unfolded);
  return walk(index, tree, itemsOf(tree.tops), (span, depth) =>
    depth < options.depth ? itemsOf(tree.childrenOf(span)) : [],
  );
}

/** What gets a row: a span or missing parent, or siblings that share one. */
export type Item = { span: number } | { folded: number[]; alike: boolean } | { above: number; below: Item[] };

/** Rows for these items and what `itemsBelow` gives for each span, at the depth that it is told. */
export function* walk(
  index: TraceIndex,
  tree: TraceTree,
  tops: readonly Item[],
  itemsBelow: (span: number, depth: number) => readonly Item[],
): Generator<TreeRow> {
  const levels: { items: readonly Item[]; next: number }[] = [{ items: tops, next: 0 }];
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    const item = level.items[level.next];
    if (item === undefined) {
      levels.pop();
      continue;
    }
    level.next += 1;
    const depth = levels.length - 1;
    const last = level.next === level.items.length;
    if ('above' in item) {
      yield { kind: 'above', depth, last, hidden: 0, levels: item.above };
      levels.push({ items: item.below, next: 0 });
    } else if ('folded' in item) {
      const { folded: spans, alike } = item;
      const hidden = spans.reduce((sum, span) => sum + tree.sizeOf(span), 0) - spans.length;
      yield { kind: 'folded', depth, last, hidden, spans, alike };
    } else {
      const { span } = item;
      const children = tree.childrenOf(span);
      const below = children.length === 0 ? [] : itemsBelow(span, depth + 1);
      const own = index.isDefined(span) ? 1 : 0;
      const hidden = below.length === 0 ? tree.sizeOf(span) - own : 0;
      yield own === 1
        ? { kind: 'span', depth, last, hidden, span }
        : { kind: 'missing', depth, last, hidden, span, child: children[0]! };
      if (below.length > 0) levels.push({ items: below, next: 0 });
    }
  }
}

/** The first few of a name stand for themselves; the rest share an item, in the place of the first of them. */
function foldAlike(index: TraceIndex, siblings: readonly number[], unfolded: ReadonlySet<number>): Item[] {
  if (siblings.length < drawnAlike + fewestFolded) return siblings.map((span) => ({ span }));
  const groups = new Map<number, number[]>();
  for (const span of siblings) {
    if (unfolded.has(span) || !index.isDefined(span)) continue;
    const name = nameAndKind(index, span);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [span]);
    else group.push(span);
  }
  const items: Item[] = [];
  const drawn = new Map<number, number>();
  for (const span of siblings) {
    const name = nameAndKind(index, span);
    const group = groups.get(name) ?? [];
    const before = drawn.get(name) ?? 0;
    const stands = unfolded.has(span) || !index.isDefined(span) || group.length < drawnAlike + fewestFolded;
    if (stands || before < drawnAlike) items.push({ span });
    else if (before === drawnAlike) items.push({ folded: group.slice(drawnAlike), alike: true });
    if (!stands) drawn.set(name, before + 1);
  }
  return items;
}

/** One number for what `labelOf` keeps of name and kind. */
export function nameAndKind(index: TraceIndex, span: number): number {
  const label = index.labelOf(span);
  return nameOfLabel(label) * 8 + kindOfLabel(label);
}

/** The spans and all of their ancestors, missing ones too. */
export function withAncestors(index: TraceIndex, spans: readonly number[]): ReadonlySet<number> {
  const all = new Set<number>();
  for (const first of spans) {
    for (let span = first; span !== noSpan && !all.has(span); span = parentOf(index, span)) all.add(span);
  }
  return all;
}

/** What the parent of a missing parent was, no row says. */
export function parentOf(index: TraceIndex, span: number): number {
  return index.isDefined(span) ? index.parentOf(span) : noSpan;
}
