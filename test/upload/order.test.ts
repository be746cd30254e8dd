import { EventEmitter, once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { held, ok, status, type Script } from '../support/scripted-server.js';
import { eventsOf, fates, ImportJob, importTo, row, rows, sentIds, serve, type Row } from './import-job.js';

const single = { limits: { spans: 1, bytes: 1_000_000 } };

/** Busy at first, then refusing batches of more than two spans. */
const busyThenPicky: Script = ({ number, spans }) =>
  number === 1 ? status(503) : spans.length > 2 ? status(422) : ok();

/** A binary tree of spans; each names its parent. */
const trace = (count: number, id: string): Row[] =>
  Array.from({ length: count }, (_, at) =>
    row(`${id}-${at}`, {
      trace_unique_id: id,
      ...(at > 0 && { span_parent_id: `${id}-${Math.floor((at - 1) / 2)}` }),
    }),
  );

describe('the first batch', () => {
  test('goes alone: the second request starts only after the first answer', async () => {
    const first = held();
    const server = await serve([first]);
    const running = new ImportJob(server.url, rows(6)).run(single);
    await server.received(1);
    first.release();
    const { summary, events } = await running;
    expect(fates(summary)).toEqual({ planned: 6, ingested: 6 });
    const untilAnswered = events.slice(
      0,
      events.findIndex(({ kind }) => kind === 'batch-settled'),
    );
    expect(eventsOf(untilAnswered, 'batch-started')).toHaveLength(1);
  });

  test('goes alone through its retries and halves too', async () => {
    const { events, server } = await importTo(busyThenPicky, rows(12), { limits: { spans: 4, bytes: 1e6 } });
    const sizes = server.requests.slice(0, 4).map(({ spans }) => spans.length);
    expect(sizes).toEqual([4, 4, 2, 2]);
    const inFlight = eventsOf(events, 'batch-started').map((event) => event.inFlight);
    expect(inFlight.slice(0, 4)).toEqual([1, 1, 1, 1]);
  });
});

describe('concurrency', () => {
  test.each([1, 2, 3])('never above %i, and used in full', async (concurrency) => {
    const gates = Array.from({ length: concurrency }, () => held());
    const server = await serve([ok(), ...gates]);
    const running = new ImportJob(server.url, rows(12)).run({ ...single, concurrency });
    await server.received(1 + concurrency);
    for (const gate of gates) gate.release();
    const { summary, events } = await running;
    expect(fates(summary)).toEqual({ planned: 12, ingested: 12 });
    expect(server.highestInFlight).toBe(concurrency);
    expect(Math.max(...eventsOf(events, 'batch-started').map(({ inFlight }) => inFlight))).toBe(concurrency);
  });
});

describe('traces', () => {
  test('parents travel before their children, whatever the order of the rows', async () => {
    const { server } = await importTo([], trace(7, 'tree').toReversed());
    const [ids = []] = sentIds(server);
    for (let at = 1; at < 7; at++) {
      expect(ids.indexOf(`tree-${at}`)).toBeGreaterThan(ids.indexOf(`tree-${Math.floor((at - 1) / 2)}`));
    }
  });

  test('of a trace that was cut, the piece with the root is acknowledged before any other is sent', async () => {
    const arrivals = new EventEmitter();
    const lastArrived = once(arrivals, 'last');
    let rootAnswered = false;
    const tooEarly: unknown[] = [];
    const script: Script = ({ spans }) => {
      const ids = spans.map((span) => String(span['span_unique_id']));
      if (ids.includes('other-8')) arrivals.emit('last');
      if (!ids.includes('tree-0')) {
        if (ids.some((id) => id.startsWith('tree')) && !rootAnswered) tooEarly.push(ids);
        return ok();
      }
      return {
        // The root's answer comes last of all: whatever does not wait for it has arrived by then.
        async play(request, response) {
          await lastArrived;
          rootAnswered = true;
          await ok().play(request, response);
        },
      };
    };
    const others = Array.from({ length: 8 }, (_, at) => row(`other-${at + 1}`));
    const content = [row('first'), ...trace(6, 'tree'), ...others];
    const { summary, server } = await importTo(script, content, { limits: { spans: 2, bytes: 1e6 } });
    expect(fates(summary)).toEqual({ planned: 15, ingested: 15 });
    expect(tooEarly).toEqual([]);
    const pieces = sentIds(server).filter((ids) => String(ids[0]).startsWith('tree'));
    expect(pieces.map(({ length }) => length)).toEqual([2, 2, 2]);
  });

  test('traces go in the order of their first appearance, complete', async () => {
    const [a, b] = [trace(3, 'a'), trace(3, 'b')];
    const mixed = [0, 1, 2].flatMap((at) => [...a.slice(at, at + 1), ...b.slice(at, at + 1)]);
    const { server } = await importTo([], mixed, { limits: { spans: 3, bytes: 1e6 } });
    expect(sentIds(server)).toEqual([
      ['a-0', 'a-1', 'a-2'],
      ['b-0', 'b-1', 'b-2'],
    ]);
  });
});

describe('bodies', () => {
  test('rows in the target’s own shape are sent byte for byte', async () => {
    const odd = [
      '{"span_unique_id" : "a","trace_unique_id":"t", "input":"caf\\u00e9 ☕","cost":1.50,"start_time":"2025-06-05T10:00:00.123456Z","timestamp":"2025-06-05T10:00:01Z"}',
      '{ "trace_unique_id": "t", "span_unique_id": "b", "span_parent_id": "a", "output": "é\\n", "start_time":"2025-06-05T10:00:00.5Z","timestamp":"2025-06-05T10:00:01Z" }',
    ];
    const server = await serve();
    const job = new ImportJob(server.url, []);
    writeFileSync(job.file, odd.join('\n'));
    const { summary } = await job.run();
    expect(fates(summary)).toEqual({ planned: 2, ingested: 2 });
    expect(server.requests[0]?.body.toString()).toBe(`[${odd.join(',')}]`);
  });

  test('every span of every batch is what its row says', async () => {
    const content = rows(50, { input: 'ü'.repeat(40) });
    const { server, job } = await importTo([], content, { limits: { spans: 7, bytes: 2000 } });
    expect(server.spans().toSorted((left, right) => compare(left, right))).toEqual(content);
    for (const { body, spans } of server.requests) {
      expect(spans.length).toBeLessThanOrEqual(7);
      expect(body.length).toBeLessThanOrEqual(2000);
    }
    const file = readFileSync(job.file, 'utf8').trimEnd().split('\n');
    const sent = server.requests.flatMap(({ body }) =>
      body
        .toString()
        .slice(1, -1)
        .split(/(?<=\}),(?=\{)/),
    );
    expect(sent.toSorted()).toEqual(file.toSorted());
  });
});

function compare(left: Record<string, unknown>, right: Record<string, unknown>): number {
  return String(left['span_unique_id']) < String(right['span_unique_id']) ? -1 : 1;
}

describe('a large trace', () => {
  test('100,000 spans, children before parents: whole, and no child before its parent in any request', async () => {
    const { server, summary } = await importTo([], trace(100_000, 't').toReversed());
    expect(fates(summary)).toEqual({ planned: 100_000, ingested: 100_000 });
    expect(summary).toMatchObject({ traces: 1, parents: { roots: 1, orphans: 0 }, exit_code: 0 });
    // Requests of one trace pass each other once the first of them was answered; within each, parents come first.
    expect(server.requests.every(({ spans }) => parentsFirst(spans))).toBe(true);
  });
});

function parentsFirst(spans: readonly Row[]): boolean {
  const places = new Map(spans.map(({ span_unique_id: id }, place) => [id, place]));
  return spans.every(({ span_parent_id: parent }, place) => (places.get(parent) ?? -1) < place);
}
