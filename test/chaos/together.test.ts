import { readFileSync, writeFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { jsonLines } from '../support/native-rows.js';
import { serve } from './campaign.js';
import { ImportFolder, type Run } from './chaos-import.js';
import { chance, long, seed } from './form.js';
import type { IngestServer, ReceivedBody } from './ingest-server.js';
import { nativePiece } from './inputs.js';
import { needlessRepeats, wrongWithRun } from './laws.js';
import { anyMoment, type Moment, type Pace } from './moments.js';

const traces = long ? 1500 : 400;
const spans = 2 * traces * 5;
const kills = long ? 20 : 2;

const jobs = ['first.jsonl', 'second.jsonl'] as const;

/** 0 for a span of the first input, 1 for one of the second. */
function jobOf(key: string): number {
  return Number(/^trace-(\d+)/.exec(key)![1]) < traces ? 0 : 1;
}

/** Two imports with one server and one state folder, each of which may be killed at its moment, until both are done. */
async function importBoth(
  server: IngestServer,
  momentOf: (pace: Pace) => Moment | undefined,
): Promise<Run[]> {
  const folder = new ImportFolder(server);
  jobs.forEach((file, job) => writeFileSync(folder.file(file), nativePiece(job * traces, traces, true)));
  const all: Run[] = [];
  let whole = 1500;
  for (;;) {
    const runs = await Promise.all(
      jobs.map((file, job) => {
        const moment = momentOf({ plan: whole / 3, whole });
        const isOwn = ({ keys }: ReceivedBody): boolean => jobOf(keys[0]!) === job;
        const args = [file, '--batch-spans', '50', '--concurrency', '2'];
        return folder.run({ args, isOwn, blow: moment && { kind: 'SIGKILL', moment, deafens: false } });
      }),
    );
    expect(runs.flatMap((run) => wrongWithRun(run, folder))).toEqual([]);
    all.push(...runs);
    if (runs.every(({ code }) => code === 0)) return all;
    whole = Math.max(...runs.map(({ took }) => took.whole));
  }
}

test(
  `two imports at once into one state folder survive ${kills} kills (seed ${seed})`,
  {
    timeout: 300_000,
  },
  async () => {
    const random = chance(300);
    const delays = chance(301);
    let killed = 0;
    while (killed < kills) {
      const server = await serve();
      server.fate = () => ({ kind: 'accept', delay: delays.integer(0, 15) });
      const runs = await importBoth(server, (pace) =>
        random.chance(0.6) ? anyMoment(random, pace, spans) : undefined,
      );
      killed += runs.filter(({ signal }) => signal === 'SIGKILL').length;
      const open = new Set(runs.flatMap((run) => run.open.map((body) => body.number)));
      expect(server.spans.size).toBe(spans);
      expect(server.violations).toEqual([]);
      expect(needlessRepeats(server, open)).toEqual([]);
      const mixed = server.bodies.filter(({ keys }) => new Set(keys.map(jobOf)).size > 1);
      expect(mixed).toEqual([]);
    }
  },
);

test('two imports at once keep their rejects apart', async () => {
  const server = await serve();
  const folder = new ImportFolder(server);
  const rejected = jobs.map((file) => {
    const row = { trace_unique_id: 't', span_unique_id: file, start_time: 'no time at all' };
    writeFileSync(folder.file(file), Buffer.concat([nativePiece(0, 1, true), Buffer.from(jsonLines([row]))]));
    return row;
  });
  const runs = await Promise.all(jobs.map((file) => folder.run({ args: [file] })));
  const kept = runs.map(({ summary }) =>
    summary!.rejects!.rows.map((name) => readFileSync(folder.file(name), 'utf8')),
  );
  expect(kept).toEqual(rejected.map((row) => [jsonLines([row])]));
});
