import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';
import { codex } from '../../src/sources/codex.js';
import { importWith, samplesAreMissing, samplesFolder } from './import-sample.js';
import { lostScalars } from './lost-scalars.js';
import { mapContext } from './map-context.js';

const rollout = fileURLToPath(new URL('../../fixtures/codex/rollout-two-turns.jsonl', import.meta.url));
const id = '0c0de000-0000-4000-8000-000000000002';

function linesOf(file: string): Record<string, unknown>[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line));
}

const isKindOrTime = (scalar: string): boolean =>
  /^(?:payload\.(?:content\.|summary\.)?)?type=|^timestamp=/.test(scalar);

describe('a rollout of two turns', () => {
  it('gives turns, answers and tools', async () => {
    const { spans, ...counts } = await importWith(codex, rollout);
    expect(
      spans.map((span) => [span['span_name'], span.span_unique_id, span.span_parent_id ?? null]),
    ).toEqual([
      ['turn', `${id}-3`, null],
      ['codex.response', `${id}-9`, `${id}-3`],
      ['shell', 'call_1', `${id}-9`],
      ['codex.response', `${id}-14`, `${id}-3`],
      ['web_search', `${id}-14-web_search_call`, `${id}-14`],
      ['turn', 'turn-b', null],
    ]);
    expect(counts).toMatchObject({ rejected: [], traces: 1, roots: 2, orphans: 0 });
  });

  it('gives each answer the usage of its own call, counted once', async () => {
    const { spans } = await importWith(codex, rollout);
    const answers = spans.filter((span) => span['log_type'] === 'chat');
    expect(
      answers.map((span) => [
        span['prompt_tokens'],
        span['prompt_cache_hit_tokens'],
        span['completion_tokens'],
      ]),
    ).toEqual([
      [1000, 800, 50],
      [1100, 1000, 9],
    ]);
    expect(answers[0]).toMatchObject({
      model: 'gpt-5.2-codex',
      reasoning_effort: 'medium',
      reasoning_tokens: 20,
    });
    expect(answers[0]?.['completion_message']).toMatchObject({
      reasoning_content: 'Look at the table.',
      tool_calls: [{ id: 'call_1', function: { name: 'shell' } }],
    });
    expect(answers[1]).toMatchObject({ output: 'At 14:20.', start_time: '2026-02-03T09:00:03.200Z' });
  });

  it('asks a turn with the user’s own words and ends it with its last line', async () => {
    const { spans } = await importWith(codex, rollout);
    expect(spans[0]).toMatchObject({
      input: 'When is high tide?',
      output: 'At 14:20.',
      timestamp: '2026-02-03T09:00:05.200Z',
      metadata: { 'session_meta.cli_version': '0.89.0', 'turn_context.model': 'gpt-5.2-codex' },
    });
  });

  it('unwraps the output of a tool', async () => {
    const { spans } = await importWith(codex, rollout);
    expect(spans.find((span) => span.span_unique_id === 'call_1')).toMatchObject({
      input: '{"command":["cat","tide.txt"]}',
      output: '14:20\n',
      metadata: { 'output.metadata': '{"exit_code":0,"duration_seconds":0.1}' },
    });
  });

  it('loses nothing but kinds of lines and times between', async () => {
    const { spans } = await importWith(codex, rollout);
    expect(lostScalars(linesOf(rollout), spans).filter((scalar) => !isKindOrTime(scalar))).toEqual([]);
  });
});

describe('lines of other shapes', () => {
  it('rejects a payload that is no object', () => {
    const mapped = codex.map(
      { timestamp: '2026-01-01T00:00:00Z', type: 'event_msg', payload: 1 },
      mapContext(),
    );
    expect(mapped).toMatchObject({ kind: 'reject', problem: { code: 'bad_field', field: 'payload' } });
  });

  it('takes the session from the file where no line names one', () => {
    const row = { timestamp: '2026-01-01T00:00:00Z', type: 'turn_context', payload: { model: 'm' } };
    const mapped = codex.map(row, mapContext({ inputName: `rollout-2026-01-01T00-00-00-${id}.jsonl` }));
    expect(mapped).toMatchObject({ kind: 'drafts', drafts: [{ traceId: id }] });
  });

  it('agrees with lines of which at least one is Codex’s own', () => {
    const foreign = { timestamp: 1, type: 'click', payload: {} };
    expect(codex.detect([foreign, { ...foreign, type: 'response_item' }]).agreeing).toBe(2);
    expect(codex.detect([foreign]).agreeing).toBe(0);
  });
});

describe.skipIf(samplesAreMissing)('the published rollout (skipped without the samples)', () => {
  const file = path.join(samplesFolder, 'codex', 'daaain_claude-code-log__rollout_synthetic.jsonl');

  it('gives one turn with all its lines', async () => {
    const { spans, rows, traces, roots, orphans, rejected } = await importWith(codex, file);
    expect({ rows, traces, roots, orphans, rejected }).toEqual({
      rows: 8,
      traces: 1,
      roots: 1,
      orphans: 0,
      rejected: [],
    });
    expect(spans.map((span) => span['log_type'])).toEqual(['agent', 'chat', 'tool', 'chat', 'custom']);
    expect(lostScalars(linesOf(file), spans).filter((scalar) => !isKindOrTime(scalar))).toEqual([]);
  });
});
