import { gzipSync } from 'node:zlib';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { startSink } from '../../bench/sink/start-sink.js';

let sink: Awaited<ReturnType<typeof startSink>>;
beforeEach(async () => {
  sink = await startSink();
});
afterEach(() => sink.close());

async function post(path: string, body: string | Buffer, headers: Record<string, string> = {}) {
  const response = await fetch(sink.url + path, { method: 'POST', body, headers });
  const answer: unknown = await response.json();
  return { status: response.status, answer };
}

const part = (name: string) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n{}\r\n`;
const native = (number: number) => ({ span_unique_id: String(number), input: 'x' });

test('counts spans of the ingest contract and tells how many it took', async () => {
  const { answer } = await post('/v1/traces/ingest', JSON.stringify([native(1), native(2)]));
  expect(answer).toMatchObject({ ingested_spans: 2, errors: [] });
  expect(await sink.totals()).toMatchObject({ requests: 1, spans: 2 });
});

test('does not count a key that stands in the text of a span', async () => {
  const talkative = {
    span_unique_id: '1',
    input: JSON.stringify(native(2)),
    metadata: { span_unique_ids: 3 },
  };
  await post('/v1/traces/ingest', JSON.stringify([talkative]));
  expect((await sink.totals()).spans).toBe(1);
});

test('counts what a compressed body holds, and its unpacked bytes', async () => {
  const body = JSON.stringify([native(1), native(2), native(3)]);
  await post('/v1/traces/ingest', gzipSync(body), { 'content-encoding': 'gzip' });
  expect(await sink.totals()).toMatchObject({ spans: 3, bytes: body.length });
});

test('begins anew whenever it was asked', async () => {
  await post('/v1/traces/ingest', JSON.stringify([native(1)]));
  await sink.totals();
  expect(await sink.totals()).toEqual({
    requests: 0,
    spans: 0,
    bytes: 0,
    firstRequest: null,
    lastAnswer: null,
  });
});

test('counts spans of OTLP, and their parents not among them', async () => {
  const spans = [
    { traceId: 'a', spanId: 'b' },
    { traceId: 'a', spanId: 'c', parentSpanId: 'b' },
  ];
  const { answer } = await post(
    '/v1/traces',
    JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }),
  );
  expect(answer).toEqual({ partialSuccess: {} });
  expect((await sink.totals()).spans).toBe(2);
});

test('counts a run of LangSmith once, however many parts it has', async () => {
  const id = '00000000-0000-4000-8000-000000000001';
  await post(
    '/runs/multipart',
    `${part(`post.${id}`)}${part(`post.${id}.inputs`)}${part(`post.${id}.outputs`)}`,
  );
  expect((await sink.totals()).spans).toBe(1);
  await post('/runs/batch', JSON.stringify({ post: [{ id, dotted_order: 'x' }], patch: [] }));
  expect((await sink.totals()).spans).toBe(1);
});

test('counts spans and generations of Langfuse, and not the traces beside them', async () => {
  const types = ['trace-create', 'span-create', 'generation-create'];
  const batch = types.map((type) => ({ id: type, type, timestamp: 'now', body: {} }));
  const { status } = await post('/api/public/ingestion', JSON.stringify({ batch }));
  expect(status).toBe(207);
  expect((await sink.totals()).spans).toBe(2);
});

test('answers a bulk request with an item for every document, as Elasticsearch', async () => {
  const lines = [{ index: {} }, native(1), { index: {} }, native(2)].map(
    (line) => `${JSON.stringify(line)}\n`,
  );
  const { answer } = await post('/spans/_bulk?refresh=false', lines.join(''));
  expect(answer).toMatchObject({
    errors: false,
    items: [{ index: { status: 201 } }, { index: { status: 201 } }],
  });
  expect((await sink.totals()).spans).toBe(2);
});

test('knows no other address', async () => {
  expect((await post('/v1/elsewhere', JSON.stringify([native(1)]))).status).toBe(404);
  expect((await sink.totals()).spans).toBe(0);
});
