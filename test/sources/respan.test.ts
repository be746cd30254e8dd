import { describe, expect, it } from 'vitest';
import { mapContext } from './map-context.js';
import { respan } from '../../src/sources/respan.js';
import { spanText } from '../../src/span/encode.js';
import { namesParent } from '../../src/span/label.js';
import { normaliseNative } from '../../src/span/native.js';
import { normaliseDraft } from '../../src/span/normalise.js';
import { bodyOf, nativeRow, options, spanOf } from '../span/factories.js';

function fromJson(row: Record<string, unknown>) {
  const text = () => JSON.stringify(row);
  const mapped = respan.map(row, mapContext({ text }));
  if (mapped.kind !== 'native') throw new Error(`not native: ${mapped.kind}`);
  return normaliseNative(mapped.row, options(), text);
}

function fromCsv(row: Record<string, string>) {
  const mapped = respan.map(row, mapContext({ isRecord: true, text: () => Object.values(row).join(',') }));
  if (mapped.kind !== 'drafts' || mapped.drafts[0] === undefined) throw new Error(`no draft: ${mapped.kind}`);
  return normaliseDraft(mapped.drafts[0], options());
}

describe('rows in the shape of the destination', () => {
  it('pass as they are, also where every value is a text', () => {
    const row = nativeRow({ span_parent_id: 'p', output: '{"a":1}' });
    expect(spanOf(fromJson(row)).body).toBe('row');
  });

  it('are typed by their fields when they come as CSV, with nothing derived', () => {
    const span = fromCsv({
      trace_unique_id: 't',
      span_unique_id: 's',
      span_parent_id: '',
      start_time: '2025-01-01T00:00:00Z',
      timestamp: '2025-01-01T00:00:01Z',
      prompt_tokens: '15',
      cost: '0.001',
      stream: 'True',
      input: '{"a": 1}',
      model: '4',
      metadata: '{"a": "1"}',
      prompt_messages: '[{"role":"user","content":"q"}]',
      error_message: '',
    });
    expect(spanOf(span)).toMatchObject({ traceId: 't', spanId: 's', parentId: undefined });
    expect(namesParent(spanOf(span).label)).toBe(true);
    expect(bodyOf(span)).toEqual({
      span_parent_id: null,
      start_time: '2025-01-01T00:00:00Z',
      timestamp: '2025-01-01T00:00:01Z',
      prompt_tokens: 15,
      cost: 0.001,
      stream: true,
      input: '{"a": 1}',
      model: '4',
      metadata: { a: '1' },
      prompt_messages: [{ role: 'user', content: 'q' }],
    });
  });

  it('without ids give the same text from CSV and JSONL, so that generated ids agree', () => {
    const typed = {
      start_time: '2025-01-01T00:00:00Z',
      timestamp: 1735689601,
      span_unique_id: '',
      latency: 1,
      input: 'q',
      tags: ['a'],
    };
    const cells = {
      start_time: '2025-01-01T00:00:00Z',
      timestamp: '1735689601',
      span_unique_id: '',
      latency: '1',
      input: 'q',
      tags: '["a"]',
    };
    const [json, csv] = [fromJson(typed), fromCsv(cells)];
    expect(spanText(bodyOf(csv), spanOf(csv))).toBe(spanText(bodyOf(json), spanOf(json)));
  });

  it('that are none are skipped or rejected', () => {
    const context = mapContext();
    expect(respan.map({}, context)).toEqual({ kind: 'skip', reason: 'empty_object' });
    expect(respan.map([], context)).toMatchObject({ problem: { code: 'not_an_object' } });
  });
});
