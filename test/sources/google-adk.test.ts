import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';
import { googleAdk } from '../../src/sources/google-adk.js';
import { importWith, samplesAreMissing, samplesFolder } from './import-sample.js';
import { lostScalars } from './lost-scalars.js';
import { mapContext } from './map-context.js';

const fixtures = fileURLToPath(new URL('../../fixtures/google-adk/', import.meta.url));
const document = `${fixtures}session-with-parallel-calls.json`;
const events = `${fixtures}events.jsonl`;

/** The author of a user's message, and roles, which the tree itself says. */
const isRole = (scalar: string): boolean => /^events\.(?:author=user$|content\.role=)/.test(scalar);

function read(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

describe('a session', () => {
  it.each([document, events])('gives invocations, agents and tools, from %s', async (file) => {
    const { spans, ...counts } = await importWith(googleAdk, file);
    const tree = spans.map((span) => [span['span_name'], span.span_unique_id, span.span_parent_id ?? null]);
    expect(new Set(tree.map(String))).toEqual(
      new Set([
        'invocation,inv-1,',
        'skipper,e2,inv-1',
        'wind,adk-1,e2',
        'wind,adk-2,e2',
        'skipper,e4,inv-1',
        'invocation,inv-2,',
        'skipper,e6,inv-2',
      ]),
    );
    expect(counts).toMatchObject({ rejected: [], traces: 1, roots: 2, orphans: 0 });
    expect(new Set(spans.map((span) => span.trace_unique_id))).toEqual(new Set(['adk-session-4']));
  });

  it('joins responses with calls by their ids, whatever their order', async () => {
    const { spans } = await importWith(googleAdk, document);
    const tools = spans.filter((span) => span['log_type'] === 'tool');
    expect(tools.map((span) => [span['input'], span['output'], span['latency']])).toEqual([
      ['{"at":"noon"}', '{"bft":3}', 1],
      ['{"at":"dusk"}', '{"bft":7}', 1],
    ]);
  });

  it('maps model, tokens, user and application', async () => {
    const { spans } = await importWith(googleAdk, document);
    expect(spans.find((span) => span.span_unique_id === 'e4')).toMatchObject({
      model: 'gemini-2.5-flash',
      prompt_tokens: 150,
      completion_tokens: 5,
      total_request_tokens: 155,
      reasoning_tokens: 9,
      customer_identifier: 'ada',
      span_workflow_name: 'sailing',
      start_time: '2024-12-01T09:01:23.500Z',
      output: 'At noon, yes.',
    });
  });

  it('tells an error as one', async () => {
    const { spans } = await importWith(googleAdk, document);
    expect(spans.find((span) => span.span_unique_id === 'e6')).toMatchObject({
      status_code: 500,
      error_message: 'blocked',
      metadata: { error_code: 'SAFETY' },
    });
  });

  it('loses nothing but roles', async () => {
    const { spans } = await importWith(googleAdk, document);
    expect(lostScalars([read(document)], spans).filter((scalar) => !isRole(scalar))).toEqual([]);
  });
});

describe('rows of other shapes', () => {
  it('rejects events that are no list', () => {
    const mapped = googleAdk.map({ id: 's', events: 'none' }, mapContext());
    expect(mapped).toMatchObject({ kind: 'reject', problem: { code: 'bad_field', field: 'events' } });
  });

  it('agrees with sessions and events and not with other rows that hold events', () => {
    const event = { author: 'user', invocation_id: 'i', timestamp: 1 };
    expect(googleAdk.detect([event, { id: 's', events: [event] }]).agreeing).toBe(2);
    expect(googleAdk.detect([{ id: 's', events: [] }, { events: [{ name: 'x' }] }]).agreeing).toBe(0);
  });
});

describe.skipIf(samplesAreMissing)('a real session (skipped without the samples)', () => {
  const file = path.join(samplesFolder, 'adk', 'google_adk-python__sample.session.json');

  it('gives its nine events as an invocation, six answers and two tools', async () => {
    const { spans, traces, roots, orphans, rejected } = await importWith(googleAdk, file);
    expect({ spans: spans.length, traces, roots, orphans, rejected }).toEqual({
      spans: 9,
      traces: 1,
      roots: 1,
      orphans: 0,
      rejected: [],
    });
    const tools = spans.filter((span) => span['log_type'] === 'tool');
    expect(tools.map((span) => span.span_parent_id)).toEqual(['MEQQWBGe', 'oRxzw1Wp']);
    expect(lostScalars([read(file)], spans).filter((scalar) => !isRole(scalar))).toEqual([]);
  });
});
