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
});
