import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { OrphanPolicy } from '../../src/plan/lint-policy.js';
import type { Plan } from '../../src/plan/plan.js';
import { total } from '../../src/plan/plan-counts.js';
import { file, jsonl, outcomeOf, planOf, planOpen, planOptions, sentSpans, span } from './make-plan.js';

interface Sketch {
  trace: string;
  id: string;
  parent: string | undefined;
  /** Rows that give the span: one, two equal ones, or two halves. */
  rows: 'one' | 'equal' | 'halves';
}

/** Any edges over few names: cycles, orphans, spans that are their own parent, parents that are the trace. */
const anySpans = fc.uniqueArray(
  fc.record<Sketch>({
    trace: fc.constantFrom('t', 'u'),
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 't'),
    parent: fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'missing', 't', 'u'), { nil: undefined }),
    rows: fc.constantFrom('one', 'one', 'equal', 'halves'),
  }),
  { selector: ({ trace, id }) => `${trace}/${id}`, maxLength: 12 },
);

const keyOf = (trace: unknown, id: unknown): string => `${String(trace)}/${String(id)}`;

function rowsOf({ trace, id, parent, rows }: Sketch): Record<string, unknown>[] {
  const row = span({ trace_unique_id: trace, span_unique_id: id, span_parent_id: parent });
  if (rows === 'one') return [row];
  return [row, rows === 'equal' ? row : { ...row, model: 'm' }];
}

/** Where the parents that the rows name lead to, told without any of the program's code. */
function endOf(first: Sketch, spans: ReadonlyMap<string, Sketch>): 'root' | 'missing' | 'cycle' {
  const seen = new Set<Sketch>();
  for (let each = first; ;) {
    if (each.parent === undefined) return 'root';
    if (seen.has(each)) return 'cycle';
    seen.add(each);
    const parent = spans.get(keyOf(each.trace, each.parent));
    if (parent === undefined) return each.parent === each.trace ? 'root' : 'missing';
    each = parent;
  }
}

/** True for a span that is among its own ancestors. */
function isInCycle(first: Sketch, spans: ReadonlyMap<string, Sketch>): boolean {
  let each: Sketch | undefined = first;
  for (let step = 0; step <= spans.size && each?.parent !== undefined; step++) {
    each = spans.get(keyOf(each.trace, each.parent));
    if (each === first) return true;
  }
  return false;
}

type Change = 'none' | 'self' | 'trace' | 'cycle' | 'orphan' | 'another parent';

/** What was done to the edge of a span that was sent. */
function changeOf(
  sketch: Sketch,
  body: Readonly<Record<string, unknown>>,
  spans: ReadonlyMap<string, Sketch>,
  sent: ReadonlyMap<string, unknown>,
): Change {
  const { trace, id, parent } = sketch;
  if (body['span_parent_id'] === parent) return 'none';
  if (body['span_parent_id'] !== undefined) return 'another parent';
  if (parent === id) return 'self';
  if (parent === trace && !spans.has(keyOf(trace, trace))) return 'trace';
  if (!sent.has(keyOf(trace, parent))) return 'orphan';
  return isInCycle(sketch, spans) ? 'cycle' : 'another parent';
}

const policies = (['keep', 'root', 'reject'] as const).flatMap((orphans) =>
  [false, true].map((strict): [OrphanPolicy, boolean] => [orphans, strict]),
);

const strictly = (strict: boolean) => ({ ...planOptions([]).normalise, strict });

describe.each(policies)('--orphans %s, strict %s', (orphans, strict) => {
  it('changes no edge but those that it names and counts, and books every row once', async () => {
    await fc.assert(
      fc.asyncProperty(anySpans, async (sketches) => {
        const rows = sketches.flatMap(rowsOf);
        const inference = { mode: 'never' as const, minConfidence: 0 };
        const overrides = { source: 'respan', orphans, normalise: strictly(strict), inference };
        const path = file(jsonl(rows));
        const imported = await planOpen([path], overrides);
        const rehearsed = await planOpen([path], { ...overrides, dryRun: true });
        try {
          expectNamedChanges(sketches, imported.plan, orphans, strict);
          const { plan, rejects } = imported;
          const { counts } = plan;
          const lost = rejects.length;
          expect(counts).toMatchObject({ read: rows.length, used: rows.length - lost, rejected: lost });
          expect(counts.used).toBe(plan.index.defined + counts.merged + counts.duplicate);
          expect(total(counts.rejectedByCode)).toBe(lost);
          expect(new Set(rejects.map(([, place]) => place)).size).toBe(lost);
          expect(outcomeOf(rehearsed)).toEqual(outcomeOf(imported));
        } finally {
          imported.plan.close();
          rehearsed.plan.close();
        }
      }),
      { numRuns: 80 },
    );
  });
});

function expectNamedChanges(
  sketches: readonly Sketch[],
  plan: Plan,
  orphans: OrphanPolicy,
  strict: boolean,
): void {
  const { counts, parents } = plan;
  const spans = new Map(sketches.map((sketch) => [keyOf(sketch.trace, sketch.id), sketch]));
  const sent = new Map(
    sentSpans(plan).map((body) => [keyOf(body['trace_unique_id'], body['span_unique_id']), body]),
  );
  const changes = Array.from(sent, ([key, body]) => {
    const sketch = spans.get(key)!;
    return { sketch, body, change: changeOf(sketch, body, spans, sent) };
  });
  const changed = (wanted: Change): number => changes.filter(({ change }) => change === wanted).length;
  const told = (code: string): number => (counts.warnings[code] ?? 0) + (counts.notes[code] ?? 0);
  expect(changed('another parent')).toBe(0);
  expect(changed('self')).toBe(told('self_parent'));
  expect(changed('cycle')).toBe(told('cycle'));
  expect(changed('trace')).toBe(told('parent_is_trace'));
  expect(changed('orphan')).toBe(orphans === 'root' ? told('orphan_parent') : 0);
  expect(parents.orphans).toBe(orphans === 'keep' ? told('orphan_parent') : 0);
  expect(strict ? total(counts.warnings) : 0).toBe(0);

  for (const { sketch, body, change } of changes) {
    const isKept =
      (change === 'cycle' || change === 'orphan') &&
      (sketch.parent !== sketch.trace || sent.has(keyOf(sketch.trace, sketch.trace)));
    expect(body['metadata']).toEqual(isKept ? { 'import.parent_id': sketch.parent } : undefined);
  }

  const gone = sketches.filter(({ trace, id }) => !sent.has(keyOf(trace, id)));
  const wanted = sketches.filter((sketch) => {
    if (orphans !== 'reject') return gone.includes(sketch) && strict && isInCycle(sketch, spans);
    const end = endOf(sketch, spans);
    return end === 'missing' || (strict && end === 'cycle');
  });
  expect(gone).toEqual(wanted);
  expect(counts.rejected).toBe(gone.flatMap(rowsOf).length);
}

const orphan = span({ span_unique_id: 'orphan', span_parent_id: 'missing' });
const below = span({ span_unique_id: 'below', span_parent_id: 'orphan' });

describe('a policy', () => {
  it.each([
    ['keep', { roots: 1, orphans: 1 }],
    ['root', { roots: 2, orphans: 0 }],
    ['reject', { roots: 1, orphans: 0 }],
  ] as const)('%s decides about orphans', async (orphans, parents) => {
    const { plan } = await planOf([file(jsonl([span(), orphan, below]))], { orphans });
    expect(plan.parents).toMatchObject(parents);
    const codes = orphans === 'reject' ? { orphan_parent: 1, parent_rejected: 1 } : {};
    expect(plan.counts.rejectedByCode).toEqual(codes);
    expect(plan.counts.warnings).toEqual(orphans === 'reject' ? {} : { orphan_parent: 1 });
  });

  it('that says what to do with orphans is obeyed under strict, and then only noted', async () => {
    const { plan } = await planOf([file(jsonl([span(), orphan]))], {
      orphans: 'keep',
      normalise: strictly(true),
    });
    expect(plan.counts).toMatchObject({ rejected: 0, warnings: {}, notes: { orphan_parent: 1 } });
  });

  it('applies to the children of what strict rejects', async () => {
    const self = span({ span_unique_id: 'self', span_parent_id: 'self' });
    const child = span({ span_unique_id: 'child', span_parent_id: 'self' });
    const { plan } = await planOf([file(jsonl([span(), self, child]))], {
      orphans: 'root',
      normalise: strictly(true),
    });
    expect(plan.counts.rejectedByCode).toEqual({ self_parent: 1 });
    expect(plan.parents).toEqual({ explicit: 0, by_path: 0, by_time: 0, ambiguous: 0, roots: 2, orphans: 0 });
  });

  it('keeps the id of a parent under the ids that are sent', async () => {
    const overrides = {
      orphans: 'root' as const,
      rewrite: { remapSeed: 's', shiftTo: undefined, provenance: 'run' },
    };
    const { plan } = await planOf([file(jsonl([span({ span_unique_id: 'missing' })]))], overrides);
    const [missing] = sentSpans(plan);
    const { plan: other } = await planOf([file(jsonl([orphan]))], overrides);
    expect(sentSpans(other)).toMatchObject([
      { metadata: { 'import.parent_id': missing?.['span_unique_id'], 'import.run': 'run' } },
    ]);
  });

  it('finds the traces in which most is wrong, and no rejected span among them', async () => {
    const others = ['other', 'third'].map((trace) => ({ ...orphan, trace_unique_id: trace }));
    const path = file(jsonl([span(), orphan, below, ...others]));
    const { plan } = await planOf([path]);
    expect(plan.findings.worst()).toHaveLength(3);
    expect(plan.findings.worst()[0]).toMatchObject({ warnings: 1, codes: { orphan_parent: 1 } });
    const { plan: clean } = await planOf([path], { orphans: 'reject' });
    expect(clean.findings.worst()).toEqual([]);
  });
});
