import { describe, expect, it } from 'vitest';
import { parseMapping } from '../../src/mapping/read-mapping.js';
import { mappedSource } from '../../src/mapping/mapped-source.js';
import { definedSpans } from '../../src/trace/defined-spans.js';
import { fixture } from '../sources/fixture.js';
import { csv, file, jsonl, planOf, sentSpans, span } from './make-plan.js';

/** Trace id and its origin, span by span. */
async function originsOf(source: string, overrides: Parameters<typeof planOf>[1] = {}) {
  const { plan } = await planOf([source], overrides);
  const { index } = plan;
  const ids = new Map(sentSpans(plan).map((sent) => [sent['span_unique_id'], sent['trace_unique_id']]));
  const origins = new Set([...definedSpans(index)].map((each) => index.memberships.originOf(each)));
  return { sources: plan.sourceNames, traces: [...new Set(ids.values())], origins: [...origins] };
}

const otlpSpan = {
  spanId: '53995c3f42cd8ad8',
  name: 'n',
  kind: 1,
  startTimeUnixNano: '1749117600000000000',
  attributes: [{ key: 'a', value: {} }],
};
const times = { startTime: '2025-06-05T10:00:00Z', endTime: '2025-06-05T10:00:01Z' };
const call = { call_type: 'completion', model: 'm', response_cost: 0, id: 'call', tenant: 'acme', ...times };
const request = {
  request_id: 'r',
  request_path: '/v1/chat',
  request_properties: { tenant: 'acme' },
  request_created_at: '2025-06-05T10:00:00Z',
  response_created_at: '2025-06-05T10:00:01Z',
};
const inSession = { ...request.request_properties, 'Helicone-Session-Id': 's' };

describe('the trace of a row', () => {
  it.each([
    ['LiteLLM: its trace id', { ...call, trace_id: 't', session_id: 's' }, 't', 'named'],
    ['LiteLLM: its session', { ...call, session_id: 's' }, 's', 'grouped'],
    ['LiteLLM: itself', call, 'call', 'own'],
    ['Helicone: its session', { ...request, request_properties: inSession }, 's', 'grouped'],
    ['Helicone: itself', request, 'r', 'own'],
  ])('is, in %s', async (_, row, trace, origin) => {
    expect(await originsOf(file(jsonl([row])))).toMatchObject({ traces: [trace], origins: [origin] });
  });

  it.each([
    ['tenant', { ...call, session_id: 's' }],
    ['request_properties.tenant', { ...request, request_properties: inSession }],
  ])('is what --trace-by %s says before a session of the source', async (traceBy, row) => {
    const told = await originsOf(file(jsonl([row])), { traceBy });
    expect(told).toMatchObject({ traces: ['acme'], origins: ['grouped'] });
  });

  it.each([
    ['otlp', 'run', { ...otlpSpan, run: 'acme' }],
    ['openrouter', 'app_name', { generation_id: 'g', model_permaslug: 'x', app_name: 'acme' }],
    ['generic', 'run.id', { run: { id: 'acme' }, prompt: 'p' }],
    ['phoenix', 'team', { 'context.span_id': 'a', span_kind: 'LLM', name: 'n', team: 'acme' }],
  ])('is what --trace-by says in rows of %s that name none', async (source, traceBy, row) => {
    const told = await originsOf(file(jsonl([row])), { source, traceBy });
    expect(told).toMatchObject({ traces: ['acme'], origins: ['grouped'] });
  });

  it('of LangSmith is not what --trace-by says: halves of a run need not both have the field', async () => {
    const run = { id: 'r', run_type: 'llm', start_time: '2025-06-05T10:00:00Z', team: 'acme' };
    const told = await originsOf(file(jsonl([run])), { source: 'langsmith', traceBy: 'team' });
    expect(told).toMatchObject({ traces: ['r'], origins: ['own'] });
  });

  it('is never what --trace-by says where the row names one', async () => {
    const told = await originsOf(file(jsonl([{ ...call, trace_id: 't' }])), { traceBy: 'tenant' });
    expect(told).toMatchObject({ traces: ['t'], origins: ['named'] });
  });

  it('is not the conversation of a row that no source knows', async () => {
    const log = { prompt: 'p', response: 'r', session_id: 's', thread_id: 't', conversation_id: 'c' };
    const { traces, origins } = await originsOf(file(jsonl([log, { ...log, prompt: 'q' }])));
    expect([traces.length, origins]).toEqual([2, ['own']]);
  });

  it('is grouped by --trace-by in the target shape, JSONL and CSV, and through a mapping file', async () => {
    const { trace_unique_id: _, ...row } = span({ session_identifier: 's' });
    const mapping = mappedSource(parseMapping('fields:\n  span_unique_id: span_unique_id', 'mapping.yaml'));
    const traceBy = 'session_identifier';
    for (const [text, overrides] of [
      [jsonl([row]), {}],
      [csv(Object.keys(row), [row]), {}],
      [jsonl([row]), { source: mapping }],
    ] as const) {
      const told = await originsOf(file(text), { traceBy, ...overrides });
      expect(told).toMatchObject({ traces: ['s'], origins: ['grouped'] });
    }
  });

  it('is named where one of several rows of the span names it', async () => {
    const { trace_unique_id: _, ...row } = span({ session_identifier: 'trace-1' });
    for (const rows of [
      [row, span()],
      [span(), row],
    ]) {
      const told = await originsOf(file(jsonl(rows)), { traceBy: 'session_identifier' });
      expect(told).toMatchObject({ traces: ['trace-1'], origins: ['named'] });
    }
  });

  it.each(['claude-code/session-with-subagent.jsonl', 'google-adk/session-with-parallel-calls.json'])(
    'is the session of a transcript, which --trace-gap may cut: %s',
    async (name) => {
      const whole = await originsOf(fixture(name));
      expect([whole.traces.length, whole.origins]).toEqual([1, ['grouped']]);
      const { plan } = await planOf([fixture(name)], { traceGap: 1 });
      expect(plan.parents.roots + plan.parents.orphans).toBeGreaterThanOrEqual(plan.regrouped.begun + 1);
    },
  );
});
