import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { traceLimits } from '../../src/upload/batch-limits.js';
import type { Summary } from '../../src/report/summary.js';
import { reset, resetBeforeBody, status, type Answer } from '../support/scripted-server.js';
import { adalineJob, project, traceRows, type AdalineJob } from './adaline-job.js';
import type { Row } from './import-job.js';

/** Two traces of 1 + 4 spans; some tell no times. */
const rows = ['a', 'b']
  .flatMap((id) => traceRows(id, 4))
  .map((row, at) => (at % 5 === 3 ? { ...row, start_time: undefined, timestamp: undefined } : row));

/** Adaline takes no trace in which nothing tells a time. */
const anySpans = fc
  .subarray(rows)
  .map((spans) => spans.filter((row) => spans.some((other) => tellsTimes(other) && inOneTrace(row, other))));

function tellsTimes(row: Row): boolean {
  return row['start_time'] !== undefined;
}

function inOneTrace(one: Row, other: Row): boolean {
  return one['trace_unique_id'] === other['trace_unique_id'];
}

/** What becomes of one request that writes. `arrives`: the sandbox gets it, but its answer is another. */
const anyFault = fc.record({
  arrives: fc.boolean(),
  answer: fc.constantFrom<() => Answer>(
    reset,
    resetBeforeBody,
    () => status(502, 'bad gateway'),
    () => status(503, 'unavailable'),
    () => status(504, 'timeout'),
  ),
});
type Fault = typeof anyFault extends fc.Arbitrary<infer Value> ? Value : never;

const anyFaults = fc.array(fc.option(anyFault), { maxLength: 8 });

const anyHistory = fc.record({
  /** Sent by somebody else, and by earlier runs with the same ledger. */
  others: fc.array(anySpans, { maxLength: 2 }),
  own: fc.array(anySpans, { maxLength: 2 }),
  planned: anySpans,
  /** A second run with the same ledger, at the same time, has those that the first has not. */
  isShared: fc.boolean(),
  faults: anyFaults,
  resume: fc.boolean(),
  concurrency: fc.integer({ min: 1, max: 3 }),
  /** The smaller one cuts traces: what follows the first request goes span by span. */
  bytes: fc.constantFrom(30_000_000, 1000),
});

function copiesOf({ gateway }: AdalineJob, planned: readonly Row[]): number[] {
  const stored = gateway.sandbox.adaline.spansOf({ projectId: project });
  return planned.map(
    ({ span_unique_id: id }) => stored.filter(({ fields }) => fields.referenceId === id).length,
  );
}

/** The faults in turn, one for each request that writes. */
function failWith({ gateway }: AdalineJob, faults: readonly (Fault | null)[]): void {
  const left = [...faults];
  gateway.interfere(({ path }, passes) => {
    if (!/\/(?:trace|span)$/.test(path)) return undefined;
    const fault = left.shift() ?? undefined;
    if (fault === undefined) return undefined;
    return fault.arrives ? passes.butAnswers(fault.answer()) : fault.answer();
  });
}

function delivered({ spans }: Summary): number {
  return spans.ingested + spans.already_imported;
}

test('what counts as delivered is there once, whatever was there before and whichever reply is lost', async () => {
  await fc.assert(
    fc.asyncProperty(anyHistory, async (history) => {
      const { planned, isShared, faults, resume, concurrency } = history;
      const limits = traceLimits({ bytes: history.bytes }, [], 30_000_000);
      const job = await adalineJob(planned);
      for (const spans of history.others) {
        job.job.write(spans);
        await job.run({ destinationName: 'of somebody else' });
      }
      for (const spans of history.own) {
        job.job.write(spans);
        await job.run();
      }
      const before = copiesOf(job, planned);
      failWith(job, faults);
      job.job.write(planned);
      const rest = job.job.file.replace('spans.jsonl', 'rest.jsonl');
      const others = isShared ? rows.filter((row) => !planned.includes(row) && tellsTimes(row)) : [];
      job.job.write(others, rest);
      const [{ summary }, second] = await Promise.all([
        job.run({ resume, concurrency, limits }),
        job.run({ files: [rest], concurrency, limits }),
      ]);
      expect(Math.max(0, ...copiesOf(job, rows))).toBeLessThanOrEqual(1);
      for (const [told, spans] of [
        [summary, planned],
        [second.summary, others],
      ] as const) {
        const there = copiesOf(job, spans).filter((copies) => copies === 1).length;
        expect(there).toBeGreaterThanOrEqual(told.exit_code === 0 ? spans.length : 0);
        expect(delivered(told)).toBeLessThanOrEqual(there);
      }
      const brought = copiesOf(job, planned).filter((copies, at) => copies > before[at]!).length;
      const known = before.filter((copies) => copies > 0).length;
      // An answer that was lost leaves open by whom a trace was created that is there as it would be sent.
      const isCertain = faults.every((fault) => fault === null);
      expect(summary.spans).toMatchObject(isCertain ? { ingested: brought, already_imported: known } : {});
      failWith(job, []);
      job.job.write(planned);
      const last = await job.run({ verify: true });
      expect(last.summary).toMatchObject({ exit_code: 0, warnings: {} });
      expect(copiesOf(job, planned)).toEqual(planned.map(() => 1));
    }),
    { numRuns: 40 },
  );
}, 120_000);
