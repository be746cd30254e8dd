import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { cut, file, openOne, openStdin, outcomes, readRows, readText } from './read-rows.js';

const elements = [{ n: 1 }, { n: 2, text: 'é' }];
const list = JSON.stringify(elements);
const filler = 'x'.repeat(100_000);
/** More than the million bytes that are looked at before it is decided. */
const many = Array.from({ length: 20_000 }, (_, n) => ({ n, text: 'y'.repeat(60) }));

describe('a list in one object around it', () => {
  it.each([
    'data',
    'results',
    'runs',
    'resourceSpans',
    'resource_spans',
    'batches',
    'traces',
    'items',
    'records',
    'rows',
    'logs',
    'hits',
  ])('is read from %s, compact or pretty-printed', async (key) => {
    for (const indent of [0, 2]) {
      const { input, rows, warnings } = await readText(JSON.stringify({ [key]: elements }, null, indent));
      expect(input.format).toBe('json');
      expect(outcomes(rows)).toEqual(elements);
      expect(warnings).toEqual([]);
    }
  });

  it.each([
    ['after a count and settings', `{"object":"list","total":2,"meta":{"page":[1]},"data":${list}}`],
    ['before a cursor', `{"data":${list},"next":null,"errors":[],"has_more":false}\n`],
    ['of a Tempo trace', `{"trace":{"resourceSpans":${list}}}`],
    ['of an answer of Jaeger', `{"result":{"resourceSpans":${list}}}`],
    ['of a search of Elasticsearch', `{"took":3,"hits":{"total":{"value":2},"hits":${list}}}`],
    ['with a byte order mark', `\ufeff{"data":${list}}`],
    ['after a member longer than the first sample', `{"note":"${filler}","data":${list}}`],
    ['after an empty list', `{"errors":[],"results":[],"data":${list}}`],
    ['after a text that looks like one', String.raw`{"note":"\"data\":[{\"n\":0}]","data":${list}}`],
  ])('is read %s', async (_title, content) => {
    const { rows, warnings, consumed } = await readText(content);
    expect(outcomes(rows)).toEqual(elements);
    expect(warnings).toEqual([]);
    expect(consumed).toBe(Buffer.byteLength(content));
  });

  it.each([
    ['a page of Opik', 'content', { id: 'a', start_time: '2025-01-01T00:00:00Z' }],
    ['a page of CloudWatch Logs', 'events', { timestamp: 1, message: 'm', ingestionTime: 2 }],
  ])('is read from %s', async (_what, key, element) => {
    const { rows } = await readText(JSON.stringify({ page: 1, [key]: [element, element] }));
    expect(outcomes(rows)).toEqual([element, element]);
  });

  it.each([
    ['the parts of a message', { role: 'assistant', content: [{ type: 'text', text: 'a' }] }],
    ['the steps of a session', { events: [{ timestamp: 1, message: 'm' }] }],
  ])('is left in its row where it is %s', async (_what, row) => {
    expect(outcomes((await readText(JSON.stringify(row))).rows)).toEqual([row]);
  });

  it('is read in full where it is longer than the sample', async () => {
    const content = JSON.stringify({ total: many.length, data: many, next: null });
    expect(content.length).toBeGreaterThan(1024 * 1024);
    expect(outcomes((await readText(content)).rows)).toEqual(many);
    expect(outcomes((await readRows(await openStdin(cut(Buffer.from(content), [65_537])))).rows)).toEqual(
      many,
    );
  });

  it('gives lines and offsets of its elements', async () => {
    const content = JSON.stringify({ total: 2, data: elements, next: 'é' }, null, 2);
    const { rows } = await readText(content);
    expect(rows.map(({ line }) => line)).toEqual([4, 7]);
    for (const row of rows) {
      const from = Buffer.from(content).subarray(row.offset).toString();
      expect(from.startsWith(row.bytes)).toBe(true);
    }
  });

  it('may be empty', async () => {
    for (const content of ['{"data":[]}', '{"data":[ ],"next":null}\n']) {
      expect((await readText(content)).rows).toEqual([]);
    }
  });

  it('costs a broken element itself', async () => {
    const { rows } = await readText(`{"data":[{"n":1},\n{"n":},\n{"n":3}],"next":null}`);
    expect(outcomes(rows)).toEqual([{ n: 1 }, 'bad_json', { n: 3 }]);
  });

  it('gives the good prefix and one problem wherever it is cut short', async () => {
    const content = `{"total":2,"data":${list},"next":"x"}`;
    const bytes = Buffer.from(content);
    const begin = content.indexOf('[') + 2;
    for (let end = begin; end < bytes.length; end++) {
      const { rows } = await readText(bytes.subarray(0, end));
      const good = rows.slice(0, -1);
      expect({ end, last: rows.at(-1)?.code }).toEqual({ end, last: 'truncated_row' });
      expect(outcomes(good)).toEqual(elements.slice(0, good.length));
    }
  });
});

describe('a list in a packed object that is cut short', () => {
  const packed = gzipSync(JSON.stringify({ data: many, next: filler }), { level: 1 });

  it.each([
    ['within the list', 0.5, 5000],
    ['behind it', 0.999, many.length],
  ])('gives its good prefix and one problem: %s', async (_title, share, atLeast) => {
    const { rows } = await readText(packed.subarray(0, packed.length * share));
    const good = rows.slice(0, -1);
    expect(rows.at(-1)?.code).toBe('truncated_gzip');
    expect(good.length).toBeGreaterThanOrEqual(atLeast);
    expect(outcomes(good)).toEqual(many.slice(0, good.length));
  });
});

describe('a page of Adaline', () => {
  const trace = { id: 't', startedAt: 1, spanIds: [] };
  const span = { id: 's', startedAt: 1, logTraceId: 't' };
  const large = { ...span, id: 'l', content: filler };

  it.each<[string, Record<string, unknown[]>]>([
    ['spans', { spans: [span, large] }],
    ['spans under the older name', { data: [span, large] }],
    ['traces', { traces: [trace, trace] }],
    ['traces and spans', { traces: [trace, trace], spans: [span, large] }],
    ['spans and traces', { spans: [large, span], traces: [trace] }],
    ['spans behind more traces than are looked at', { traces: many.map(() => trace), spans: [span] }],
  ])('is read element by element: %s', async (_title, lists) => {
    const pagination = { limit: 50, returned: 2, hasMore: false, nextCursor: null };
    for (const indent of [0, 2]) {
      const content = JSON.stringify({ ...lists, pagination }, null, indent);
      const { rows, warnings } = await readText(content);
      expect(outcomes(rows)).toEqual(Object.values(lists).flat());
      expect(warnings).toEqual([]);
    }
  });

  it('is one row where its list of spans is empty', async () => {
    const page = { traces: [trace], spans: [] };
    expect(outcomes((await readText(JSON.stringify(page))).rows)).toEqual([page]);
  });
});

describe('events', () => {
  it.each(['{"span_id":"a"}', '{"root_span_id":"a"}', '{"x":{},"id":"a","created":"2026-01-01T00:00:00Z"}'])(
    'are rows where they look like spans: %s',
    async (event) => {
      const { rows } = await readText(`{"events":[${event}],"cursor":"c"}`);
      expect(outcomes(rows)).toEqual([JSON.parse(event)]);
    },
  );

  it('are a part of their session where they do not', async () => {
    const content = '{"events":[{"id":"a","author":"user","nested":{"span_id":"b"}}],"cursor":"c"}';
    expect(outcomes((await readText(content)).rows)).toEqual([JSON.parse(content)]);
  });
});

describe('a document that is one entity stays one row', () => {
  it.each([
    ['a Langfuse download', '{"trace":{"id":"t","observations":[{}]},"observations":[{"id":"o"}]}'],
    ['a Jaeger trace', '{"traceID":"t","spans":[{"spanID":"s"}],"processes":{}}'],
    ['a LangSmith batch', '{"post":[{"id":"r"}],"patch":[{"id":"r"}]}'],
    ['an MLflow trace', '{"info":{"request_id":"r"},"data":{"spans":[{"name":"s"}]}}'],
    ['spans alone', '{"spans":[{"name":"s"}]}'],
    ['an ADK session', '{"id":"s","context":{},"events":[{"id":"e","created":1}]}'],
    ['a Gemini session', '{"sessionId":"s","messages":[{"id":"m"}]}'],
    ['an OpenAI trace', '{"object":"trace","id":"t","workflow_name":"w","data":[{"a":1}]}'],
    ['an answer with embeddings', '{"object":"list","data":[{"object":"embedding"}],"model":"m","usage":{}}'],
    ['a row with an id behind its list', '{"items":[{"a":1}],"trace_id":"t"}'],
    ['a list of lists', '{"results":[[1],[2]]}'],
    ['a list that lies deeper', '{"page":{"data":[{"a":1}]}}'],
    ['something else', '{"prompts":[{"a":1}]}'],
  ])('%s', async (_title, content) => {
    for (const text of [content, JSON.stringify(JSON.parse(content), null, 2)]) {
      expect(outcomes((await readText(text)).rows)).toEqual([JSON.parse(content)]);
    }
  });

  it('one of several on their lines, or one after another', async () => {
    const document = { resourceSpans: elements };
    for (const content of [
      `${JSON.stringify(document)}\n${JSON.stringify(document)}\n`,
      `${JSON.stringify(document, null, 2)}\n${JSON.stringify(document, null, 2)}\n`,
      `${JSON.stringify({ ...document, filler })}\n${JSON.stringify(document)}\n`,
    ]) {
      const { rows } = await readText(content);
      expect(rows).toHaveLength(2);
      expect(rows.at(-1)?.value).toEqual(document);
    }
  });

  it('where the format is said to be JSON Lines', async () => {
    const input = await openOne(file(`{"data":${list}}\n`), { format: 'jsonl' });
    expect(outcomes((await readRows(input)).rows)).toEqual([{ data: elements }]);
  });
});

describe('what lies beside the rows', () => {
  it.each([
    ['a list of objects after them', `{"data":${list},"logs":[{"a":1}]}`],
    ['a list of objects before them', `{"scores":[{"a":1}],"data":${list}}`],
  ])('is told: %s', async (_title, content) => {
    const { rows, warnings } = await readText(content);
    expect(outcomes(rows)).toEqual(elements);
    expect(warnings).toEqual(['wrapper_rest_ignored']);
  });

  it('is read where it is a further document of the same kind, beyond the sample', async () => {
    const first = JSON.stringify({ data: many });
    const { rows, warnings } = await readText(`${first}\n${JSON.stringify({ data: elements })}\n`);
    expect(rows).toHaveLength(many.length + elements.length);
    expect(outcomes(rows.slice(many.length))).toEqual(elements);
    expect(rows.at(-1)?.line).toBe(2);
    expect(warnings).toEqual([]);
  });

  it('is told where it is another document, or no document at all', async () => {
    const first = JSON.stringify({ data: many });
    for (const rest of ['\n{"b":1}\n', '\nthe end, really\n', '\n[1,2]\n', '}\n']) {
      const { rows, warnings } = await readText(first + rest);
      expect({ rest, rows: rows.length, warnings }).toEqual({
        rest,
        rows: many.length,
        warnings: ['wrapper_rest_ignored'],
      });
    }
  });
});
