import { describe, expect, test } from 'vitest';

import type { Random } from '../../bench/random.js';
import { importUnderBlows, undisturbed, type Campaign } from './campaign.js';
import type { Blow } from './chaos-import.js';
import { chance, long, seed } from './form.js';
import type { Knobs } from './growing-input.js';
import type { Fate } from './ingest-server.js';
import { everyInput } from './inputs.js';
import { anyMoment } from './moments.js';
import { Tally } from './tally.js';

const inputs = everyInput(long ? 3000 : 1500);
/** The short form takes two of them, others with every seed. */
const chosen = long ? inputs : [0, 4].map((step) => inputs[(seed + step) % inputs.length]!);
/** Of one campaign; a further one is begun until there were enough of them. */
const disturbedRuns = long ? 8 : 3;
const enoughRuns = long ? 10 : 1;
const blows: readonly Blow[] = ['SIGKILL', 'SIGINT', 'SIGTERM', 'SIGINT twice'];
const calm: Knobs = { batchSpans: 250, concurrency: 4 };

function anyFate(random: Random): Fate {
  const delay = random.chance(0.05) ? random.integer(100, 500) : random.integer(0, 20);
  if (random.chance(0.8)) return { kind: 'accept', delay };
  const fates: Fate[] = [
    { kind: 'throttle', delay, retryAfter: random.integer(0, 1) },
    { kind: 'unavailable', delay },
    { kind: 'reset-before-body', delay },
    { kind: 'reset-before-store', delay },
    { kind: 'reset-after-store', delay },
    { kind: 'gateway-timeout', delay },
    { kind: 'cut-answer', delay },
  ];
  return random.pick(fates);
}

describe(`after faults, kills and interrupts (seed ${seed})`, () => {
  test.for(chosen)(
    'the server holds every span of $name',
    { timeout: 600_000 },
    async (input, { annotate }) => {
      const random = chance(100 + inputs.indexOf(input));
      const fates = chance(200 + inputs.indexOf(input));
      const { spans, pace } = await undisturbed(input, calm, () => ({ kind: 'accept', delay: 10 }));
      const tally = new Tally();
      let left = 0;
      const campaign: Campaign = {
        input,
        random,
        knobs: () => ({
          batchSpans: random.pick([20, 37, 100, 250]),
          concurrency: random.pick([1, 2, 4, 8]),
        }),
        fate: () => () => anyFate(fates),
        largestBody: random.pick([Infinity, 100_000, 50_000]),
        changesBetweenRuns: true,
        blow(planned) {
          left -= 1;
          if (left < 0) return undefined;
          // Faults make a run last longer.
          const moment = anyMoment(random, { plan: pace.plan, whole: 2 * pace.whole }, planned);
          return { kind: random.pick(blows), moment, deafens: random.chance(0.5) };
        },
      };
      const wrong: string[] = [];
      while (tally.runs < enoughRuns && wrong.length === 0) {
        left = disturbedRuns;
        wrong.push(...(await importUnderBlows(campaign, { spans, pace }, tally)));
      }
      await annotate(String(tally));
      expect(wrong).toEqual([]);
    },
  );
});
