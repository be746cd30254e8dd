import { expect, test } from 'vitest';

import type { Random } from '../../bench/random.js';
import { importUnderBlows, undisturbed, type Campaign } from './campaign.js';
import type { Disturbance } from './chaos-import.js';
import { chance, long, seed } from './form.js';
import type { Knobs } from './growing-input.js';
import type { Fate } from './ingest-server.js';
import { nativeInput } from './inputs.js';
import { anyMoment, earlyMoment, type Moment } from './moments.js';
import { Tally } from './tally.js';

const spans = 20_000;
const kills = long ? 100 : 3;
const input = nativeInput(spans);
const timeout = 900_000;

/** Answers that take as long as it needs for an upload of all spans to last some milliseconds. */
function answers(random: Random, { batchSpans, concurrency }: Knobs, upload: number): () => Fate {
  const mean = (upload * concurrency * batchSpans) / spans;
  return () => ({ kind: 'accept', delay: 2 * mean * random.next() });
}

function killAt(moment: Moment, random: Random): Disturbance {
  return { kind: 'SIGKILL', moment, deafens: random.chance(0.5) };
}

test(
  `one import of 20,000 spans that is killed ${kills} times loses nothing (seed ${seed})`,
  { timeout },
  async ({ annotate }) => {
    const random = chance(1);
    const knobs: Knobs = { batchSpans: long ? 25 : 100, concurrency: 4 };
    const fate = answers(chance(2), knobs, 300);
    const reference = await undisturbed(input, knobs, fate);
    const tally = new Tally();
    const campaign: Campaign = {
      input,
      random,
      knobs: () => knobs,
      fate: () => fate,
      changesBetweenRuns: false,
      blow: () => (tally.kills < kills ? killAt(earlyMoment(random, reference.pace), random) : undefined),
    };
    const wrong = await importUnderBlows(campaign, reference, tally);
    await annotate(String(tally));
    expect(wrong).toEqual([]);
    expect(tally.kills).toBe(kills);
    expect(tally.repeats).toBeLessThanOrEqual(tally.inFlight);
  },
);

test(
  `imports of 20,000 spans survive ${kills} kills at any moment (seed ${seed})`,
  { timeout },
  async ({ annotate }) => {
    const random = chance(3);
    const delays = chance(4);
    const first: Knobs = { batchSpans: 500, concurrency: 4 };
    const reference = await undisturbed(input, first, answers(delays, first, 400));
    const campaign: Campaign = {
      input,
      random,
      knobs: () => ({ batchSpans: random.pick([100, 250, 500]), concurrency: random.pick([1, 2, 4, 8]) }),
      fate: (knobs, moment) => answers(delays, knobs, moment?.upload ?? 400),
      changesBetweenRuns: false,
      blow: (planned) => killAt(anyMoment(random, reference.pace, planned), random),
    };
    const tally = new Tally();
    const wrong: string[] = [];
    while (tally.kills < kills && wrong.length === 0)
      wrong.push(...(await importUnderBlows(campaign, reference, tally)));
    await annotate(String(tally));
    expect(wrong).toEqual([]);
    expect(tally.repeats).toBeLessThanOrEqual(tally.inFlight);
  },
);
