import { remember } from '../span/remember.js';
import type { DurationUnit } from '../span/span.js';
import { plainName } from './synonyms.js';

/** How long something took, by the name of its column. */
export interface NamedDuration {
  firstToken: boolean;
  unit: DurationUnit;
  /** The name says the unit. */
  isNamed: boolean;
}

const duration =
  /^(?:metrics)?(?<what>latency|totallatency|duration|totalduration|elapsed|elapsedtime|walltime|wallclock|responsetime|executiontime|runtime|processingtime|generationtime|timetofirsttoken|ttft)(?<unit>s|secs?|seconds?|ms|millis|milliseconds?|us|micros|microseconds?|ns|nanos|nanoseconds?)?$/;

/**
 * A column that tells how long something took. The unit is in the name (`latency_ms`, `duration_seconds`); without
 * one it is seconds, as in the destination's own `latency`.
 */
export const durationOf = remember((name): NamedDuration | undefined => {
  const groups = duration.exec(plainName(name))?.groups;
  if (groups === undefined) return undefined;
  const written = groups['unit'] ?? 's';
  const firstToken = groups['what'] === 'ttft' || groups['what'] === 'timetofirsttoken';
  return { firstToken, unit: unitOf(written), isNamed: groups['unit'] !== undefined };
});

function unitOf(written: string): DurationUnit {
  if (written.startsWith('n')) return 'ns';
  if (written.startsWith('u') || written.startsWith('mic')) return 'us';
  return written.startsWith('m') ? 'ms' : 's';
}
