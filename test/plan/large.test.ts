import { describe, expect, it } from 'vitest';
import { spansByTrace } from '../../src/trace/order.js';
import { file, jsonl, planOf, sentSpans, span } from './make-plan.js';

describe('a large plan', () => {
  it('holds a trace of 100,000 spans, children before parents', async () => {
    const count = 100_000;
    const lines: string[] = [];
    for (let place = count - 1; place >= 0; place--) {
      const parent = place === 0 ? 'null' : `"s${Math.floor((place - 1) / 4)}"`;
      lines.push(
        `{"trace_unique_id":"t","span_unique_id":"s${place}","span_parent_id":${parent},"start_time":"2025-06-05T10:00:00Z","timestamp":"2025-06-05T10:00:01Z"}\n`,
      );
    }
    const { plan } = await planOf([file(lines.join(''))]);
    expect(plan.counts).toMatchObject({ read: count, used: count });
    expect(plan.parents).toEqual({
      explicit: count - 1,
      by_path: 0,
      by_time: 0,
      ambiguous: 0,
      roots: 1,
      orphans: 0,
    });
    const [trace, ...others] = spansByTrace(plan.index);
    expect(others).toEqual([]);
    expect(trace).toHaveLength(count);
    const root = plan.bodies.read(plan.index.location(trace?.[0] ?? -1));
    expect(JSON.parse(root.toString())).toMatchObject({ span_unique_id: 's0', span_parent_id: null });
  });

  it('sorts interleaved traces apart, in the order of their first rows', async () => {
    const traces = 40;
    const rows = Array.from({ length: traces * 5 }, (_, place) =>
      span({
        trace_unique_id: `t${place % traces}`,
        span_unique_id: `s${Math.floor(place / traces)}`,
        ...(place < traces ? {} : { span_parent_id: 's0' }),
      }),
    );
    const { plan } = await planOf([file(jsonl(rows))]);
    expect(sentSpans(plan).map((body) => body['trace_unique_id'])).toEqual(
      Array.from({ length: traces }, (_, trace) => Array(5).fill(`t${trace}`)).flat(),
    );
    expect(plan.parents).toEqual({
      explicit: traces * 4,
      by_path: 0,
      by_time: 0,
      ambiguous: 0,
      roots: traces,
      orphans: 0,
    });
  });

  describe('of a chain 10,000 deep, leaf first', () => {
    const depth = 10_000;
    const chain = (top: string | undefined): string =>
      jsonl(
        Array.from({ length: depth }, (_, place) =>
          span({
            span_unique_id: `s${depth - place}`,
            span_parent_id: place === depth - 1 ? top : `s${depth - 1 - place}`,
          }),
        ),
      );

    it('sends parents before children', async () => {
      const { plan } = await planOf([file(chain(undefined))]);
      expect(plan.parents).toEqual({
        explicit: depth - 1,
        by_path: 0,
        by_time: 0,
        ambiguous: 0,
        roots: 1,
        orphans: 0,
      });
      expect(sentSpans(plan).map((body) => body['span_unique_id'])).toEqual(
        Array.from({ length: depth }, (_, place) => `s${place + 1}`),
      );
    });

    it('is rejected as a whole where its top is an orphan', async () => {
      const { plan, rejects } = await planOf([file(chain('missing'))], { orphans: 'reject' });
      expect(plan.counts).toMatchObject({ used: 0, rejected: depth });
      expect(plan.counts.rejectedByCode).toEqual({ orphan_parent: 1, parent_rejected: depth - 1 });
      expect(rejects).toHaveLength(depth);
    });

    it('is cut once where it bites its tail', async () => {
      const { plan } = await planOf([file(chain(`s${depth}`))]);
      expect(plan.counts.warnings).toEqual({ cycle: 1 });
      expect(plan.parents).toEqual({
        explicit: depth - 1,
        by_path: 0,
        by_time: 0,
        ambiguous: 0,
        roots: 1,
        orphans: 0,
      });
    });
  });

  it('rejects the 100,000 descendants of an orphan', async () => {
    const count = 100_000;
    const lines = Array.from(
      { length: count },
      (_, place) =>
        `{"trace_unique_id":"t","span_unique_id":"s${place}","span_parent_id":"${place === 0 ? 'missing' : `s${Math.floor((place - 1) / 4)}`}","start_time":"2025-06-05T10:00:00Z","timestamp":"2025-06-05T10:00:01Z"}\n`,
    );
    const { plan } = await planOf([file(lines.toReversed().join(''))], { orphans: 'reject' });
    expect(plan.counts).toMatchObject({ used: 0, rejected: count });
    expect(plan.index.defined).toBe(0);
  });
});
