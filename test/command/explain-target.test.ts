import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import type { Explanation } from '../../src/explain/explain-row.js';
import { runCommand, temporaryFolder } from '../support/command.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

async function explained(args: string[], cwd = root): Promise<Explanation> {
  const run = await runCommand(['explain', ...args, '--target', 'adaline', '--json'], { cwd });
  expect(run.stderr).toBe('');
  const explanation: Explanation = JSON.parse(run.stdout);
  return explanation;
}

test('explain --target adaline shows where the values of a row go there', async () => {
  const { fields, spans, target } = await explained(['fixtures/agent-spans.jsonl', '--row', '2']);
  const fates = new Map(fields.map(({ field, fate, to }) => [field, [fate, to[0]]]));
  expect(fates.get('trace_unique_id')).toEqual(['preserved', 'trace.referenceId']);
  expect(fates.get('span_parent_id')).toEqual(['preserved', 'parentReferenceId']);
  expect(fates.get('start_time')).toEqual(['approximated', 'startedAt']);
  expect(fates.get('prompt_tokens')).toEqual(['preserved', 'content.output.tokenUsage.promptTokens']);
  expect(fates.get('latency')).toEqual(['attribute', 'attributes.respan.latency']);
  const reasons = new Map(fields.map(({ field, why }) => [field, why]));
  expect(reasons.get('latency')).not.toMatch(/no place/);
  expect(target).toMatchObject({
    name: 'adaline',
    findings: [],
    spans: [{ referenceId: 'a1b2c3d4e5f60003' }],
  });
  expect(spans).toMatchObject([{ span_unique_id: 'a1b2c3d4e5f60003' }]);
});

test('explain --target adaline lists what the whole file cannot express', async () => {
  const cwd = temporaryFolder();
  const rows = [
    { span_unique_id: 'a', metadata: { plan: 'pro', gone: null }, span_path: 'x' },
    { span_unique_id: 'b', span_parent_id: 'a', input: 'x'.repeat(1_000_001) },
    { span_unique_id: 'c', span_parent_id: 'b', span_path: 'y', timestamp: '2025-06-05T10:00:00.000001Z' },
  ].map((row) => ({
    trace_unique_id: 't',
    start_time: '2025-06-05T10:00:00Z',
    timestamp: '2025-06-05T10:00:01Z',
    ...row,
  }));
  writeFileSync(path.join(cwd, 'rows.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const { target } = await explained(['rows.jsonl', '--row', '3'], cwd);
  expect(target?.findings.map(({ code, span }) => [code, span])).toEqual([
    ['times_clamped', 0],
    ['parent_moved', 0],
  ]);
  expect(target?.file).toMatchObject({ traces: 1, spans: 3 });
  expect(target?.file?.findings.map(({ code, spans, refused }) => [code, spans, refused])).toEqual([
    ['content_too_large', 1, true],
    ['times_clamped', 1, false],
    ['parent_moved', 1, false],
  ]);
  expect(target?.file?.fields.map(({ field, fate, spans }) => [field, fate, spans])).toEqual([
    ['span_path', 'attribute', 2],
    ['metadata.plan', 'attribute', 1],
    ['metadata.gone', 'dropped', 1],
    ['timestamp', 'approximated', 1],
    ['span_parent_id', 'attribute', 1],
  ]);
  const text = await runCommand(['explain', 'rows.jsonl', '--target', 'adaline'], { cwd });
  expect(text.stdout).toMatch(/^ +1 {2}content_too_large {2}.*--on-oversize truncate/m);
  expect(text.stdout).toMatch(/^ +2 {2}span_path +attribute/m);
});

test('explain --target adaline tells fields that have a place elsewhere from those that have none', async () => {
  const cwd = temporaryFolder();
  const rows = ['tool', 'chat'].map((type) => ({
    trace_unique_id: 't',
    span_unique_id: type,
    start_time: '2025-06-05T10:00:00Z',
    timestamp: '2025-06-05T10:00:01Z',
    log_type: type,
    model: 'gpt-5',
    prompt_tokens: 3,
    cost: type === 'chat' ? -1 : 1,
    customer_identifier: 'c',
  }));
  writeFileSync(path.join(cwd, 'rows.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const { fields, target } = await explained(['rows.jsonl'], cwd);
  const told = target?.file?.fields ?? [];
  const places = told.map(({ field, why, spans }) => [
    field,
    /on Model spans/.test(why),
    /no place/.test(why),
    spans,
  ]);
  expect(places).toEqual(
    expect.arrayContaining([
      ['customer_identifier', false, true, 2],
      ['model', true, false, 1],
      ['prompt_tokens', true, false, 1],
      ['cost', true, false, 1],
      ['cost', false, false, 1],
    ]),
  );
  const why = new Map(fields.map((field) => [field.field, field.why]));
  expect(why.get('model')).toMatch(/on Model spans/);
  expect(why.get('customer_identifier')).toMatch(/no place/);
});

test('of standard input only the row is explained', async () => {
  const run = await runCommand(['explain', '-', '--target', 'adaline', '--json'], {
    cwd: root,
    stdin: readFileSync(path.join(root, 'fixtures/chat-logs.csv'), 'utf8'),
  });
  const { target }: Explanation = JSON.parse(run.stdout);
  expect(target).toMatchObject({ file: null, spans: [{ content: { type: 'Model' } }] });
});

test('explain knows no other destination', async () => {
  const run = await runCommand(['explain', 'fixtures/chat-logs.csv', '--target', 'nowhere'], { cwd: root });
  expect(run.code).toBe(2);
});
