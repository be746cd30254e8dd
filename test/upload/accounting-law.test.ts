import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import {
  hang,
  ok,
  reset,
  resetBeforeBody,
  status,
  truncated,
  type Answer,
} from '../support/scripted-server.js';
import { ImportJob, row, rows, serve, type Row } from './import-job.js';

/** A row that can be used, repeats another, is skipped or is rejected. */
const anyRow: fc.Arbitrary<Row> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.nat(30).map((id) => row(`span-${100 + id}`, { trace_unique_id: `trace-${id % 4}` })),
  },
  { weight: 1, arbitrary: fc.nat(30).map((id) => row(`span-${100 + id}`, { output: 'another reply' })) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.nat(30), fc.nat(40)).map(([id, parent]) =>
      row(`span-${100 + id}`, {
        trace_unique_id: `trace-${id % 4}`,
        span_parent_id: `span-${100 + parent}`,
      }),
    ),
  },
  { weight: 1, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constant({ ...row('span-999'), start_time: 'soon' }) },
);

const anyAnswer: fc.Arbitrary<Answer> = fc.oneof(
  { weight: 8, arbitrary: fc.constant(ok()) },
  { weight: 2, arbitrary: fc.nat(5).map((count) => ok({ ingested_spans: count })) },
  { weight: 2, arbitrary: fc.nat(30).map((id) => ok({ errors: [`span-${100 + id} is bad`] })) },
  {
    weight: 6,
    arbitrary: fc.constantFrom(400, 422, 413, 429, 500, 502, 503, 401, 404, 302).map((code) => status(code)),
  },
  { weight: 1, arbitrary: fc.nat(400).map((seconds) => status(429, { retry_after: seconds })) },
  { weight: 1, arbitrary: fc.constant(status(403, '<html>no</html>')) },
  { weight: 1, arbitrary: fc.constant(status(200, 'fine')) },
  { weight: 3, arbitrary: fc.constantFrom(reset(), resetBeforeBody(), truncated()) },
);

const anySettings = fc.record({
  concurrency: fc.integer({ min: 1, max: 4 }),
  limits: fc.record({ spans: fc.integer({ min: 1, max: 12 }), bytes: fc.integer({ min: 300, max: 5000 }) }),
  retryFor: fc.constantFrom(0, 5000, 120_000),
  orphans: fc.constantFrom('keep' as const, 'root' as const, 'reject' as const),
  strict: fc.boolean(),
});

test('both equations hold and every span is booked once, whatever the rows and the answers are', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyRow, { maxLength: 40 }),
      fc.array(anyAnswer, { maxLength: 25 }),
      anySettings,
      fc.option(fc.nat(10)),
      async (content, answers, settings, interruptAt) => {
        const server = await serve(answers);
        const job = new ImportJob(server.url, content);
        const interrupt = new AbortController();
        let started = 0;
        // `run` checks both equations.
        const { summary } = await job.run({
          ...settings,
          interrupt: interrupt.signal,
          onEvent(event) {
            if (event.kind !== 'batch-started') return;
            started += 1;
            if (started === interruptAt) interrupt.abort();
          },
        });
        const { spans } = summary;
        expect(spans.possibly_repeated).toBeLessThanOrEqual(spans.planned);
        expect(summary.rows.read).toBe(content.length);

        // The answers are used up or run into the ok of a healthy server: the next runs bring what is missing.
        let last = summary;
        for (let again = 0; again <= answers.length && !isComplete(last); again++) {
          last = (await job.run(settings)).summary;
        }
        expect(isComplete(last)).toBe(true);
        const wanted = new Set(server.spans().map((span) => JSON.stringify(span)));
        expect(wanted.size).toBeGreaterThanOrEqual(last.spans.planned);
      },
    ),
    { numRuns: 40 },
  );
});

function isComplete({
  spans,
}: {
  spans: { planned: number; ingested: number; unconfirmed: number; already_imported: number };
}): boolean {
  return spans.ingested + spans.unconfirmed + spans.already_imported === spans.planned;
}

test('a request that hangs is booked like any other', async () => {
  const server = await serve([ok(), hang()]);
  const { summary } = await new ImportJob(server.url, rows(3)).run({
    limits: { spans: 1, bytes: 1e6 },
    timeout: 150,
    retryFor: 0,
  });
  expect(summary.spans).toMatchObject({ ingested: 2, failed: 1 });
});
