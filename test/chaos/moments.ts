import type { Random } from '../../bench/random.js';
import type { IngestServer } from './ingest-server.js';

/** How long an undisturbed run takes. Milliseconds. */
export interface Pace {
  /** From the start of the process to its first request. */
  plan: number;
  whole: number;
}

/** When a run is disturbed. `arm` calls `strike` then, and returns what disarms it. */
export interface Moment {
  name: string;
  /** Milliseconds that the upload must last for the moment to come. */
  upload?: number;
  arm(server: IngestServer, strike: () => void): () => void;
}

/** After a number of milliseconds from the start of the process. */
export function after(name: string, milliseconds: number): Moment {
  return {
    name: `${name} (${Math.round(milliseconds)} ms)`,
    arm(_server, strike) {
      const timer = setTimeout(strike, milliseconds);
      return () => clearTimeout(timer);
    },
  };
}

/** At the `count`th occurrence of a server's event in this run, or `later` milliseconds after it. */
export function at(event: 'began' | 'received' | 'answered', count: number, later = 0): Moment {
  return {
    name: `${event} ${count}${later > 0 ? ` + ${Math.round(later)} ms` : ''}`,
    arm(server, strike) {
      let left = count;
      let timer: NodeJS.Timeout | undefined;
      const onEvent = (): void => {
        left -= 1;
        if (left > 0) return;
        server.events.off(event, onEvent);
        if (later === 0) strike();
        else timer = setTimeout(strike, later);
      };
      server.events.on(event, onEvent);
      return () => {
        server.events.off(event, onEvent);
        clearTimeout(timer);
      };
    },
  };
}

/** When the server has answered for the last of the spans, or shortly after. */
export function atTheEnd(spans: number, later: number): Moment {
  return {
    name: `the end + ${Math.round(later)} ms`,
    arm(server, strike) {
      let timer: NodeJS.Timeout | undefined;
      const onAnswer = (): void => {
        if (server.spans.size < spans || server.inFlight > 1) return;
        server.events.off('answered', onAnswer);
        timer = setTimeout(strike, later);
      };
      server.events.on('answered', onAnswer);
      return () => {
        server.events.off('answered', onAnswer);
        clearTimeout(timer);
      };
    },
  };
}

/** The earlier of two. */
function firstOf(one: Moment, other: Moment): Moment {
  return {
    name: `${one.name} or ${other.name}`,
    arm(server, strike) {
      const disarm = [one, other].map((moment) => moment.arm(server, strikeOnce));
      function strikeOnce(): void {
        for (const each of disarm) each();
        strike();
      }
      return () => disarm.forEach((each) => each());
    },
  };
}

/** The ledger is opened right before the first request, and synced a second later. */
function atTheSync(random: Random): Moment {
  return { ...at('began', 1, 985 + 25 * random.next()), upload: 1200 };
}

/** Any moment of a whole run, half of them; else one of those at which most is at stake. */
export function anyMoment(random: Random, pace: Pace, spans: number): Moment {
  if (random.chance(0.5)) return after('any time', random.next() * pace.whole * 1.1);
  const aimed = [
    () => after('planning', random.next() * pace.plan),
    () => at('began', 1),
    () => at('received', random.integer(1, 20)),
    () => at('answered', 1),
    () => at('answered', random.integer(1, 40)),
    () => atTheSync(random),
    () => atTheEnd(spans, 0),
    () => atTheEnd(spans, 20 * random.next()),
  ];
  return random.pick(aimed)();
}

/** A moment that lets a run send no more than some ten batches, so that one import lasts for many. */
export function earlyMoment(random: Random, pace: Pace): Moment {
  const early = [
    // The second comes first where the pace was measured on a machine that was busier than it is now.
    () => firstOf(after('any early time', random.next() * pace.plan * 1.2), at('answered', 8)),
    () => at('began', random.integer(1, 8)),
    () => at('received', random.integer(1, 8)),
    () => at('answered', random.integer(1, 8)),
    () => at('answered', random.integer(1, 8), 3 * random.next()),
  ];
  return random.pick(early)();
}
