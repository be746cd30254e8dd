import { isDeepStrictEqual } from 'node:util';

import { onTestFinished } from 'vitest';

import type { Random } from '../../bench/random.js';
import { ImportFolder, type Disturbance } from './chaos-import.js';
import { GrowingInput, type Knobs } from './growing-input.js';
import { IngestServer, type Fate } from './ingest-server.js';
import type { ChaosInput } from './inputs.js';
import { needlessRepeats, wrongWithRun } from './laws.js';
import type { Moment, Pace } from './moments.js';
import type { Tally } from './tally.js';

export interface Campaign {
  input: ChaosInput;
  random: Random;
  /** What the next run meets, whose input has so many spans; undefined lets it be. */
  blow(spans: number): Disturbance | undefined;
  knobs(): Knobs;
  /** What the server does with each request of a run. */
  fate(knobs: Knobs, moment: Moment | undefined): () => Fate;
  /** Larger bodies get a 413. */
  largestBody?: number;
  /** The input may be renamed, and grow, between two runs. */
  changesBetweenRuns: boolean;
}

/** Far more than any campaign needs: a program that makes no progress must not be started for ever. */
const mostRuns = 500;

/**
 * Runs one import again and again, each run under another blow, until it has succeeded with all of its input. Returns
 * what was wrong with it, in words.
 */
export async function importUnderBlows(
  campaign: Campaign,
  reference: Reference,
  tally: Tally,
): Promise<string[]> {
  const { input, random } = campaign;
  const server = await serve();
  server.largestBody = campaign.largestBody ?? Infinity;
  const folder = new ImportFolder(server);
  const source = new GrowingInput(folder, input);
  const open = new Set<number>();
  const wrong: string[] = [];
  for (let runs = 0; wrong.length === 0; runs++) {
    const blow = campaign.blow(source.spans);
    const knobs = campaign.knobs();
    server.fate = campaign.fate(knobs, blow?.moment);
    const run = await folder.run({ ...source.given(knobs), blow });
    tally.add(run);
    for (const body of run.open) open.add(body.number);
    wrong.push(...wrongWithRun(run, folder));
    if (server.faults === 0 && run.open.length > knobs.concurrency)
      wrong.push(`${run.open.length} bodies were in flight with --concurrency ${knobs.concurrency}`);
    if (run.code === 0 && source.isComplete) break;
    if (runs > mostRuns) wrong.push('makes no progress');
    if (run.code === 0 || (campaign.changesBetweenRuns && random.chance(0.3))) source.grow();
    // What chance decided is remembered by the names of the inputs.
    if (campaign.changesBetweenRuns && input.same !== 'count' && random.chance(0.3)) source.rename();
  }
  tally.faults += server.faults;
  tally.repeats += server.repeats.length;
  const needless = needlessRepeats(server, open).length;
  if (needless > 0) wrong.push(`${needless} spans were sent again without need`);
  return [...wrong, ...server.violations, ...differences(server, reference, input.same)];
}

/** What an undisturbed import leaves at the server, and how long it takes. */
export interface Reference {
  spans: IngestServer['spans'];
  pace: Pace;
}

export async function undisturbed(input: ChaosInput, knobs: Knobs, fate: () => Fate): Promise<Reference> {
  const server = await serve();
  server.fate = fate;
  const folder = new ImportFolder(server);
  const source = new GrowingInput(folder, input);
  while (!source.isComplete) source.grow();
  const run = await folder.run(source.given(knobs));
  const wrong = [...wrongWithRun(run, folder), ...server.violations];
  if (server.spans.size !== source.spans) wrong.push(`${server.spans.size} spans arrived`);
  if (server.repeats.length > 0) wrong.push('spans arrived twice');
  if (wrong.length > 0) throw new Error(`undisturbed import of ${input.name}: ${wrong.join('\n')}`);
  return { spans: server.spans, pace: run.took };
}

export async function serve(): Promise<IngestServer> {
  const server = new IngestServer();
  await server.listen();
  onTestFinished(() => server.close());
  return server;
}

/** The server must hold every span once, as an undisturbed import leaves it, and no other. */
function differences({ spans }: IngestServer, reference: Reference, same: ChaosInput['same']): string[] {
  if (spans.size !== reference.spans.size)
    return [`the server holds ${spans.size} spans in place of ${reference.spans.size}`];
  if (same === 'count') return [];
  const missing = [...reference.spans.keys()].filter((key) => !spans.has(key));
  if (missing.length > 0) return [`${missing.length} spans are missing, ${missing[0]} among them`];
  if (same === 'ids') return [];
  const others = [...spans].filter(([key, span]) => !isDeepStrictEqual(span, reference.spans.get(key)));
  return others.slice(0, 3).map(([key, span]) => `${key} is another span: ${JSON.stringify(span)}`);
}
