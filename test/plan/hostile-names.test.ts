import { describe, expect, it } from 'vitest';
import { file, outcomeOf, planOf, sentSpans } from './make-plan.js';

const ids = '"trace_unique_id":"t","span_unique_id":"s"';

function row(id: string, parent: string): string {
  return `{"trace_unique_id":"__proto__","span_unique_id":"${id}","span_parent_id":"${parent}"}\n`;
}

/** In the order of their names. */
function metadataOf(body: Record<string, unknown> | undefined): [string, unknown][] {
  return Object.entries(body?.['metadata'] ?? {}).sort(([left], [right]) => (left < right ? -1 : 1));
}

describe('names that objects have by birth', () => {
  it('are data at the top of a row', async () => {
    const text = `{${ids},"__proto__":{"polluted":"yes"},"constructor":"c","toString":"s","hasOwnProperty":1}\n`;
    const { plan } = await planOf([file(text)]);
    expect(metadataOf(sentSpans(plan)[0])).toEqual([
      ['__proto__', '{"polluted":"yes"}'],
      ['constructor', 'c'],
      ['hasOwnProperty', '1'],
      ['toString', 's'],
    ]);
    expect({}).not.toHaveProperty('polluted');
  });

  it('are data in the metadata, in each half of a merged span, and in a dry run', async () => {
    const text =
      `{${ids},"metadata":{"__proto__":"one","constructor":"c"}}\n` +
      `{${ids},"metadata":{"valueOf":"v"},"model":"m"}\n`;
    const imported = await planOf([file(text)]);
    expect(imported.plan.counts.merged).toBe(1);
    expect(metadataOf(sentSpans(imported.plan)[0])).toEqual([
      ['__proto__', 'one'],
      ['constructor', 'c'],
      ['valueOf', 'v'],
    ]);
    expect(outcomeOf(await planOf([file(text)], { dryRun: true }))).toEqual(outcomeOf(imported));
  });

  it('are data in a span whose edge is mended', async () => {
    const { plan } = await planOf([file(`{${ids},"span_parent_id":"s","metadata":{"__proto__":"x"}}\n`)]);
    expect(metadataOf(sentSpans(plan)[0])).toEqual([['__proto__', 'x']]);
  });

  it('are data as columns of a table', async () => {
    const text = 'trace_id,span_id,__proto__,constructor,model\nt,s,one,two,m\n';
    const { plan } = await planOf([file(text)]);
    const [body] = sentSpans(plan);
    expect(metadataOf(body)).toEqual([
      ['__proto__', 'one'],
      ['constructor', 'two'],
    ]);
    expect(body).toMatchObject({ trace_unique_id: 't', span_unique_id: 's', model: 'm' });
  });

  it('are ids like others', async () => {
    const { plan } = await planOf([file(row('__proto__', 'constructor') + row('constructor', 'toString'))]);
    expect(plan.index.defined).toBe(2);
    expect(plan.parents).toEqual({ explicit: 1, by_path: 0, by_time: 0, ambiguous: 0, roots: 0, orphans: 1 });
  });

  it('group rows only where a row has them', async () => {
    const text = '{"model":"m","prompt":"a"}\n{"model":"m","prompt":"b","__proto__":"mine"}\n';
    const { plan } = await planOf([file(text)], { traceBy: '__proto__' });
    const traces = sentSpans(plan).map((body) => body['trace_unique_id']);
    expect(traces[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(traces[1]).toBe('mine');
  });
});
