import { candidateAt } from './candidates.js';
import type { Choices } from './choices.js';
import { keyOfPair } from './name-pairs.js';
import type { TraceCandidates } from './trace-candidates.js';

/** A parent that was chosen together with others is likely, and never certain. */
const matchedConfidence = 0.7;

/**
 * Parallel steps of one name each own one child of each name: several `retrieve_documents` that run side by side enclose
 * each other's `VectorStoreRetriever`, and a choice one by one gives all of them to the one that started last. Where
 * there are as many children as parents, both are taken in the order in which they end, or start, whichever brings
 * children closer to their parents; all of them must fit.
 */
export function matchParallelSteps(trace: TraceCandidates, choices: Choices): void {
  for (const group of groupsOf(trace, choices)) {
    if (group.children.length !== group.parents.length) continue;
    const { ends, starts } = trace.view;
    const byEnd = match(trace, group, ends, -1);
    const byStart = match(trace, group, starts, 1);
    const better =
      byEnd === undefined || (byStart !== undefined && byStart.distance < byEnd.distance) ? byStart : byEnd;
    for (const [child, parent] of better?.edges ?? []) {
      if (choices.parents[child] === parent) continue;
      choices.parents[child] = parent;
      choices.confidences[child] = Math.min(choices.confidences[child]!, matchedConfidence);
    }
  }
}

interface Group {
  children: number[];
  parents: number[];
}

/** Spans of one name, with parents of one name, that share candidates. */
function groupsOf(trace: TraceCandidates, choices: Choices): Group[] {
  const { names, view } = trace;
  const byNames = new Map<number, number[]>();
  for (let position = 0; position < view.size; position++) {
    const parent = choices.parents[position]!;
    if (parent < 0) continue;
    const [name, parentName] = [names[position]!, names[parent]!];
    if (name === parentName) continue;
    const key = keyOfPair(name, parentName);
    const members = byNames.get(key);
    if (members === undefined) byNames.set(key, [position]);
    else members.push(position);
  }
  const groups: Group[] = [];
  for (const children of byNames.values())
    if (children.length > 1) groups.push(...connected(trace, choices, children));
  return groups;
}

/** Splits children into those that share candidates, directly or through others. */
function connected(trace: TraceCandidates, choices: Choices, children: readonly number[]): Group[] {
  const unions = new Map<number, number>();
  const rootOf = (position: number): number => {
    let root = position;
    for (let up = unions.get(root); up !== undefined && up !== root; up = unions.get(root)) root = up;
    for (let at = position; at !== root;) {
      const up = unions.get(at)!;
      unions.set(at, root);
      at = up;
    }
    return root;
  };
  const candidatesOf = new Map<number, number[]>();
  for (const child of children) {
    const likely = candidatesOfName(trace, child, choices.parents[child]!);
    candidatesOf.set(child, likely);
    const [first = -1] = likely;
    for (const parent of likely) {
      if (!unions.has(parent)) unions.set(parent, parent);
      unions.set(rootOf(parent), rootOf(first));
    }
  }
  const groups = new Map<number, { children: number[]; parents: Set<number> }>();
  for (const [child, likely] of candidatesOf) {
    if (likely.length === 0) continue;
    const root = rootOf(likely[0]!);
    const group = groups.get(root) ?? { children: [], parents: new Set<number>() };
    groups.set(root, group);
    group.children.push(child);
    for (const parent of likely) group.parents.add(parent);
  }
  return [...groups.values()]
    .filter(({ parents }) => parents.size > 1)
    .map((group) => ({ children: group.children, parents: [...group.parents] }));
}

/** The candidates that have the chosen parent's name and enclose the span for certain. */
function candidatesOfName({ names, candidates }: TraceCandidates, child: number, chosen: number): number[] {
  const likely: number[] = [];
  if (candidates.skewed[child] === 1) return likely;
  for (let rank = candidates.equals[child]!; rank < candidates.counts[child]!; rank++) {
    const parent = candidateAt(candidates, child, rank);
    if (names[parent] === names[chosen]) likely.push(parent);
  }
  return likely;
}

interface Match {
  edges: [child: number, parent: number][];
  /** Microseconds between the instants, over all edges. */
  distance: number;
}

/** Pairs both in the order of their instants. `direction`: 1 where a child's instant follows its parent's, else -1. */
function match(
  { candidates }: TraceCandidates,
  { children, parents }: Group,
  instants: Float64Array,
  direction: 1 | -1,
): Match | undefined {
  const inOrder = (positions: readonly number[]): number[] =>
    positions.toSorted((one, other) => instants[one]! - instants[other]! || one - other);
  const orderedParents = inOrder(parents);
  const found: Match = { edges: [], distance: 0 };
  for (const [place, child] of inOrder(children).entries()) {
    const parent = orderedParents[place]!;
    let isCandidate = false;
    for (let rank = candidates.equals[child]!; rank < candidates.counts[child]!; rank++) {
      isCandidate ||= candidateAt(candidates, child, rank) === parent;
    }
    if (!isCandidate) return undefined;
    found.edges.push([child, parent]);
    found.distance += direction * (instants[child]! - instants[parent]!);
  }
  return found;
}
