import { readId } from '../span/ids.js';
import { logTypeFromKind } from '../span/log-type.js';
import { isAbsent } from '../span/text.js';
import { isProblem, parseTime, type TimeOptions } from '../span/time.js';
import { leavesOf, type Leaf } from './leaves.js';

/**
 * `preserved`: the same value has a place in the span. `approximated`: in another form or unit. `metadata`, `attribute`:
 * kept beside, under a name. `absent`: a spelling of nothing. `dropped`: nowhere in the span.
 */
export type Fate = 'preserved' | 'approximated' | 'metadata' | 'attribute' | 'absent' | 'dropped';

/** How a destination keeps what it has no place for, and its times. */
export interface FateView {
  /** Where fields without a place are kept, what that is called, and why the one at a path is there. */
  aside: { path: string; fate: 'metadata' | 'attribute'; why: (path: string) => string };
  /** Microseconds of its smallest step in time. */
  step: number;
  timesAre: string;
}

const respanView: FateView = {
  aside: { path: 'metadata', fate: 'metadata', why: () => 'the target has no place for it' },
  step: 1,
  timesAre: 'the same instant, as RFC 3339 in UTC',
};

export interface FieldFate {
  /** Path in the row. */
  field: string;
  value: Leaf['value'];
  fate: Fate;
  /** Paths in the spans, e.g. `prompt_messages[0].content`; led by the span's number where there are several. */
  to: string[];
  /** Why it is not simply preserved. */
  why: string | undefined;
}

interface Target {
  path: string;
  leaf: Leaf;
}

/**
 * Tells for every scalar of a row where it went. It compares the row with the spans that came out of it and asks no
 * rule, so it shows what happened and not what was meant.
 */
export function fieldFates(
  row: unknown,
  spans: readonly object[],
  times: TimeOptions,
  view: FateView = respanView,
): FieldFate[] {
  const targets = spans.flatMap((span, position) =>
    leavesOf(span).map((leaf): Target => ({
      path: spans.length === 1 ? leaf.path : `#${position + 1} ${leaf.path}`,
      leaf,
    })),
  );
  const byText = groupBy(targets, ({ leaf }) => String(leaf.value));
  const byInstant = groupBy(targets, ({ leaf }) => instantOf(leaf.value, times, view.step));
  return leavesOf(row).map((leaf) => fateOf(leaf, byText, byInstant, targets, times, view));
}

type Groups = ReadonlyMap<string, readonly Target[]>;

function fateOf(
  leaf: Leaf,
  byText: Groups,
  byInstant: Groups,
  targets: readonly Target[],
  times: TimeOptions,
  { aside, step, timesAre }: FateView,
): FieldFate {
  const { path: field, value } = leaf;
  const fate = (kind: Fate, to: readonly Target[], why?: string): FieldFate => ({
    field,
    value,
    fate: kind,
    to: nearest(field, to),
    why,
  });
  if (isAbsent(value)) return fate('absent', [], 'nothing was said');
  const same = byText.get(String(value)) ?? [];
  const elsewhere = same.filter(({ path }) => !isAside(path, aside.path));
  if (elsewhere.length > 0) {
    return fate(
      'preserved',
      elsewhere,
      elsewhere.every((each) => each.leaf.encoded) ? 'inside of a JSON text' : undefined,
    );
  }
  if (same.length > 0) {
    const [kept = ''] = nearest(field, same);
    return fate(aside.fate, same, aside.why(withoutNumber(kept)));
  }
  const instant = instantOf(value, times, step);
  const moment = instant === undefined ? [] : (byInstant.get(instant) ?? []);
  if (moment.length > 0) return fate('approximated', moment, timesAre);
  const read = readId(value);
  const ids = 'id' in read && read.id !== undefined ? (byText.get(read.id) ?? []) : [];
  if (ids.length > 0) return fate('approximated', ids, 'the same id in another spelling');
  const scaled =
    typeof value === 'boolean' ? [] : targets.filter((target) => isScaled(Number(value), target.leaf.value));
  if (scaled.length > 0) return fate('approximated', scaled, 'the same amount in another unit or type');
  const kinds = typeof value === 'string' ? (byText.get(logTypeFromKind(value) ?? '') ?? []) : [];
  const types = kinds.filter(({ path }) => path.endsWith('log_type'));
  if (types.length > 0) return fate('approximated', types, 'the nearest kind that the target knows');
  const within =
    typeof value === 'string' && value.length >= 4
      ? targets.filter(({ leaf: { value: text } }) => typeof text === 'string' && text.includes(value))
      : [];
  if (within.length > 0) return fate('preserved', within, 'as a part of a longer text');
  const unquoted = unquote(value);
  const bare = unquoted === undefined ? [] : (byText.get(unquoted) ?? []);
  if (bare.length > 0) return fate('preserved', bare, 'without the quotes of a second encoding');
  return fate('dropped', [], 'no span of this row says it');
}

/** The text within a JSON string: `"\"a\""` → `a`. */
function unquote(value: Leaf['value']): string | undefined {
  if (typeof value !== 'string' || !/^".*"$/s.test(value)) return undefined;
  try {
    return String(JSON.parse(value));
  } catch {
    return undefined;
  }
}

function isAside(path: string, aside: string): boolean {
  return withoutNumber(path).startsWith(aside);
}

/** A path without the number of its span. */
function withoutNumber(path: string): string {
  return path.replace(/^#\d+ /, '');
}

function instantOf(value: Leaf['value'], times: TimeOptions, step: number): string | undefined {
  if (value === null || typeof value === 'boolean' || String(value).length < 8) return undefined;
  const time = parseTime(value, times);
  return isProblem(time) ? undefined : String(Math.floor(time.micros / step));
}

const units = [1, 1e-3, 1e-6, 1e-9];

function isScaled(amount: number, target: Leaf['value']): boolean {
  if (!Number.isFinite(amount) || amount === 0 || typeof target !== 'number') return false;
  return units.some((unit) => Math.abs(amount * unit - target) <= Math.abs(target) * 1e-9);
}

/** Places whose name is the field's own come first, and alone. */
function nearest(field: string, targets: readonly Target[]): string[] {
  const own = nameOf(field);
  const named = targets.filter(({ path }) => nameOf(path) === own);
  return (named.length > 0 ? named : targets).slice(0, 4).map(({ path }) => path);
}

function nameOf(path: string): string {
  return (path.split(/[.[\]]+/).findLast((part) => part !== '' && !/^\d+$/.test(part)) ?? path).toLowerCase();
}

function groupBy(targets: readonly Target[], keyOf: (target: Target) => string | undefined): Groups {
  const groups = new Map<string, Target[]>();
  for (const target of targets) {
    const key = keyOf(target);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [target]);
    else group.push(target);
  }
  return groups;
}
