import { expect } from 'vitest';

import { Destination } from '../support/destination.js';
import { nativeRows } from '../support/native-rows.js';
import { ok, type Script } from '../support/scripted-server.js';
import { eventsOf, ImportJob, serve, type Outcome } from './import-job.js';

/** What every fault is met with: two thousand spans in twenty requests. */
const spans = nativeRows(2000);
export const ids = spans.map((span) => span['span_unique_id']);
const options = { limits: { spans: 100, bytes: 5_000_000 }, concurrency: 4 };

/** How a run ends: its exit code and, where it stopped, the code of the reason; e.g. `5 wrong_address`. */
export function endOf({ summary }: Outcome): string {
  const { exit_code: exitCode, stopped } = summary;
  return stopped === null ? String(exitCode) : `${exitCode} ${stopped.code}`;
}

interface NamedLines {
  all: Set<number>;
  heldBack: Set<number>;
  refused: Set<number>;
  /** Spans of which the run says that they may have arrived. */
  doubtful: number;
}

/** What the run said of every span that may be missing: refused, failed, uncounted, held back. By line of the input. */
function namedLines({ events }: Outcome): NamedLines {
  const missing = eventsOf(events, 'span-missing').map(({ span }) => span);
  const refused = eventsOf(events, 'span-refused').map(({ place }) => place.line);
  const heldBack = missing.filter(({ fate }) => fate === 'held_back').map(({ place }) => place.line);
  return {
    all: new Set([...refused, ...missing.map(({ place }) => place.line)]),
    heldBack: new Set(heldBack),
    refused: new Set(refused),
    doubtful: missing.filter((span) => span.fate !== 'held_back' && span.mayHaveArrived).length,
  };
}

/** What holds whatever happened: nothing is missing without a name, and nothing was repeated without being told. */
function expectHonesty(outcome: Outcome, destination: Destination): void {
  const named = namedLines(outcome);
  const arrived = destination.ids;
  const unnamed = ids.filter((id, position) => !arrived.has(id) && !named.all.has(position + 1));
  expect(unnamed).toEqual([]);
  const { spans: counts } = outcome.summary;
  expect(named.heldBack.size).toBe(counts.held_back);
  expect(named.refused.size).toBe(counts.refused);
  expect(ids.filter((id, position) => arrived.has(id) && named.heldBack.has(position + 1))).toEqual([]);
  expect(destination.repeated).toBeLessThanOrEqual(counts.possibly_repeated);
  for (const { span } of eventsOf(outcome.events, 'span-missing')) {
    if (span.fate !== 'held_back') expect(span.spanId).toBe(ids[span.place.line - 1]);
  }
}

/** Imports to a destination that plays the script, checks it, and completes it once the destination is well again. */
export async function importAndComplete(
  script: (destination: Destination) => Extract<Script, CallableFunction>,
  overrides: Parameters<ImportJob['run']>[0] = {},
): Promise<Outcome> {
  const destination = new Destination();
  const faulty = script(destination);
  let healed = false;
  const server = await serve((request) => (healed ? destination.storing(ok()) : faulty(request)));
  const job = new ImportJob(server.url, spans);
  const outcome = await job.run({ ...options, ...overrides });
  expectHonesty(outcome, destination);

  healed = true;
  const before = outcome.summary.spans;
  const again = await job.run(options);
  expect(again.summary).toMatchObject({ exit_code: 0, stopped: null, missing: null });
  expect(destination.ids).toEqual(new Set(ids));
  const known = before.ingested + before.unconfirmed;
  expect(again.summary.spans).toMatchObject({ already_imported: known, ingested: spans.length - known });
  expect(destination.repeated).toBeLessThanOrEqual(
    before.possibly_repeated + again.summary.spans.possibly_repeated + namedLines(outcome).doubtful,
  );
  return outcome;
}
