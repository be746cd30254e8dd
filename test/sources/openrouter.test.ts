import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openrouter } from '../../src/sources/openrouter.js';
import { fixture } from './fixture.js';
import { importWith, samplesAreMissing } from './import-sample.js';
import { lostScalars } from './lost-scalars.js';
import { mapContext } from './map-context.js';
import { samplePath } from './sample-rows.js';

const sample = 'openrouter/Danik911_thesis_project__openrouter_activity_2025-08-21.csv';

/** The sample has no quoted cells. */
function cellsOf(name: string): Record<string, string>[] {
  const [header = '', ...lines] = readFileSync(samplePath(name), 'utf8').trim().split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) =>
    Object.fromEntries(line.split(',').map((cell, index) => [names[index] ?? '', cell])),
  );
}

test('a generation is a span that ends when it took its time; costs, tokens and the provider are fields', async () => {
  const { spans, warnings } = await importWith(openrouter, fixture('openrouter/activity.csv'));
  expect(warnings).toEqual({});
  expect(spans[0]).toMatchObject({
    trace_unique_id: 'gen-1',
    span_unique_id: 'gen-1',
    start_time: '2025-08-21T12:28:18.626Z',
    timestamp: '2025-08-21T12:28:44.968Z',
    latency: 26.342,
    time_to_first_token: 1.263,
    model: 'deepseek/deepseek-chat-v3',
    provider_id: 'Novita',
    cost: 0.001689,
    prompt_tokens: 986,
    completion_tokens: 996,
    reasoning_tokens: 12,
    stream: true,
    metadata: { finish_reason_normalized: 'stop', app_name: 'chat-app', cancelled: 'false' },
  });
});

test('a row without generation_id is rejected by that name', () => {
  expect(openrouter.map({ model_permaslug: 'x' }, mapContext())).toMatchObject({
    kind: 'reject',
    problem: { field: 'generation_id' },
  });
});

test.skipIf(samplesAreMissing)('139 real generations are 139 spans with all their values', async () => {
  const { spans, rejected, traces, roots, orphans } = await importWith(openrouter, samplePath(sample));
  const rows = cellsOf(sample);
  expect(openrouter.detect(rows).agreeing).toBe(139);
  expect([spans.length, traces, roots, orphans]).toEqual([139, 139, 139, 0]);
  expect(rejected).toEqual([]);
  for (const [index, row] of rows.entries()) {
    const span = spans[index];
    expect(span?.['model']).toBe(row['model_permaslug']);
    expect(span?.['prompt_tokens']).toBe(Number(row['tokens_prompt']));
    expect(span?.['completion_tokens']).toBe(Number(row['tokens_completion']));
    expect(span?.['cost']).toBe(Number(row['cost_total']));
    expect(span?.['latency']).toBe(Number(row['generation_time_ms']) / 1000);
    const firstToken = row['time_to_first_token_ms'];
    expect(span?.['time_to_first_token']).toBe(firstToken === '' ? undefined : Number(firstToken) / 1000);
  }
  const converted = new Set(['generation_time_ms', 'time_to_first_token_ms', 'cost_total']);
  const other = rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !converted.has(name))),
  );
  expect(lostScalars(other, spans)).toEqual([]);
});
