import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { phoenix } from '../../src/sources/phoenix.js';
import { fixture, mapRow, spanWithId } from './fixture.js';
import { importWith, samplesAreMissing, samplesFolder } from './import-sample.js';
import { lostScalars } from './lost-scalars.js';
import { mapContext } from './map-context.js';

const row = { name: 'chat', span_kind: 'LLM', 'context.trace_id': 't1', 'context.span_id': 's1' };

describe('spans of Phoenix', () => {
  it('with nested context and attributes become spans', async () => {
    const { spans, ...counts } = await importWith(phoenix, fixture('phoenix/spans-nested.jsonl'));
    expect(counts).toMatchObject({ rejected: [], warnings: {}, traces: 1, roots: 1, orphans: 0 });
    expect(spanWithId(spans, 'aa01')).toMatchObject({
      log_type: 'workflow',
      start_time: '2025-06-02T10:40:00.000001Z',
      input: 'What is the capital of France?',
      output: 'Paris.',
      session_identifier: 'session-9',
      metadata: { id: 'U3Bhbjox' },
    });
    expect(spanWithId(spans, 'aa02')).toMatchObject({
      span_parent_id: 'aa01',
      log_type: 'chat',
      model: 'gpt-4o-mini',
      provider_id: 'openai',
      temperature: 0.2,
      prompt_tokens: 21,
      completion_tokens: 2,
      total_request_tokens: 23,
      status_code: 200,
      prompt_messages: [{ role: 'user', content: 'What is the capital of France?' }],
      completion_message: { role: 'assistant', content: 'Paris.' },
    });
    expect(spanWithId(spans, 'aa03')).toMatchObject({
      log_type: 'task',
      status_code: 500,
      error_message: 'index is cold',
      metadata: { 'retrieval.documents': '[{"document":{"content":"a country","score":0.5}}]' },
    });
  });

  it('in a data frame as CSV are read through Python literals, floats and times of any spelling', async () => {
    const { spans, ...counts } = await importWith(phoenix, fixture('phoenix/dataframe.csv'));
    expect(counts).toMatchObject({ rejected: [], warnings: {}, traces: 1, roots: 1, orphans: 0 });
    expect(spanWithId(spans, 'aa01')).toMatchObject({ input: 'What is the\ncapital of France?' });
    const chat = spanWithId(spans, 'aa02');
    expect(chat).toMatchObject({
      start_time: '2025-06-02T10:40:00.500Z',
      prompt_tokens: 21,
      completion_tokens: 2,
      prompt_messages: [
        { role: 'system', content: "Say it's short" },
        { role: 'user', content: 'What is the capital of France?' },
      ],
      completion_message: { role: 'assistant', content: 'Paris.\n' },
    });
    expect(JSON.stringify(chat['metadata'])).toContain('cold');
    expect(spanWithId(spans, 'aa03')).toMatchObject({ log_type: 'tool', error_message: 'index is cold' });
    expect(spanWithId(spans, 'aa03')).not.toHaveProperty('model');
  });

  it('keep a span_kind that the attribute contradicts', () => {
    const [draft] = mapRow(phoenix, { ...row, 'attributes.openinference.span.kind': 'TOOL' });
    expect(draft?.fields['log_type']).toBe('tool');
    expect(draft?.metadata).toMatchObject({ span_kind: 'LLM' });
  });

  it('keep what reads as a Python literal where it is what was said', () => {
    const [draft] = mapRow(phoenix, { ...row, 'attributes.input.value': "{'a': 1}" }, { isRecord: true });
    expect(draft?.fields['input']).toBe("{'a': 1}");
  });

  it('may come as a page of the API', () => {
    expect(mapRow(phoenix, { data: [row, row], next_cursor: null })).toHaveLength(2);
  });

  it('that are none are skipped, or rejected with the name of the field', () => {
    const context = mapContext();
    expect(phoenix.map({}, context)).toEqual({ kind: 'skip', reason: 'empty_object' });
    expect(phoenix.map('x', context)).toMatchObject({ problem: { code: 'not_an_object' } });
    expect(phoenix.map({ a: 1 }, context)).toMatchObject({ problem: { code: 'not_a_span' } });
    expect(phoenix.map({ ...row, attributes: 5 }, context)).toMatchObject({
      problem: { code: 'bad_field', field: 'attributes' },
    });
  });

  it('are told from dumps of Python OpenTelemetry and from dataset exports', () => {
    const nested = { name: 'n', span_kind: 'LLM', context: { trace_id: 't', span_id: 's' } };
    expect(phoenix.detect([row, nested]).agreeing).toBe(2);
    const { span_kind: _, ...python } = { ...nested, kind: 'SpanKind.INTERNAL' };
    const dataset = { example_id: 'RGF0', input_input: 'q', output_output: 'a', metadata_span_kind: 'LLM' };
    expect(phoenix.detect([python, dataset, { name: 'x', span_kind: 'LLM' }]).agreeing).toBe(0);
  });
});

interface RawRow extends Record<string, unknown> {
  'context.span_id': string;
  parent_id: string | null;
}

function sampleFile(slice: string): string {
  return path.join(
    samplesFolder,
    `phoenix/Danik911_thesis_project__phoenix_${slice}_spans_20250821_125133.jsonl`,
  );
}

function rawRows(file: string): RawRow[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line): RawRow => JSON.parse(line));
}

describe.skipIf(samplesAreMissing)(
  'real exports of Phoenix (skipped where the samples are not at hand)',
  () => {
    it.each([
      ['llm', 34, 17],
      ['chain', 26, 14],
    ])('the slice %s: every span, edge, model and value arrives', async (slice, rows, orphans) => {
      const raw = rawRows(sampleFile(slice));
      const sample = await importWith(phoenix, sampleFile(slice));
      expect(sample).toMatchObject({
        rows,
        rejected: [],
        skipped: {},
        warnings: {},
        traces: 1,
        roots: 0,
        orphans,
      });
      expect(sample.spans).toHaveLength(rows);
      for (const each of raw) {
        const span = spanWithId(sample.spans, each['context.span_id']);
        expect(span.span_parent_id).toBe(each.parent_id);
        expect(span['model'] ?? null).toBe(each['attributes.llm.model_name'] ?? null);
        expect(span['prompt_tokens'] ?? null).toBe(each['attributes.llm.token_count.prompt'] ?? null);
        expect(span['completion_tokens'] ?? null).toBe(each['attributes.llm.token_count.completion'] ?? null);
        // The status words are the status code.
        const { status_code: status, ...rest } = each;
        expect(span['status_code']).toBe(status === 'OK' ? 200 : status === 'ERROR' ? 500 : undefined);
        expect(lostScalars([rest], [span])).toEqual([]);
      }
    });

    it('slices of one trace join by their ids', async () => {
      const files = ['llm', 'chain'].map(sampleFile);
      const raw = files.flatMap(rawRows);
      const ids = new Set(raw.map((each) => each['context.span_id']));
      const { spans, orphans, traces } = await importWith(phoenix, ...files);
      expect({ spans: spans.length, traces }).toEqual({ spans: 60, traces: 1 });
      expect(orphans).toBe(raw.filter((each) => each.parent_id !== null && !ids.has(each.parent_id)).length);
      expect(orphans).toBeLessThan(17 + 14);
    });
  },
);
