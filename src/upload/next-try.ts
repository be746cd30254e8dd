import { ExitCode } from '../errors.js';
import type { Verdict } from '../targets/target.js';
import { backoff, longestWait } from './retry.js';
import type { StopReason } from './run-stop.js';
import { timeOfDay } from './time-of-day.js';

type Failure = Pick<Extract<Verdict, { kind: 'retry' }>, 'retryAfter' | 'throttled'>;

/** How it stands with a batch that failed. Times in milliseconds since the epoch. */
interface Standing {
  now: number;
  attempts: number;
  firstFailure: number;
  /** Of the whole run. */
  lastSuccess: number;
  /** Milliseconds. */
  retryFor: number;
  /** In [0, 1). */
  random: number;
}

/** What comes after a failed attempt. `delay` in milliseconds. */
export type NextTry =
  { kind: 'wait'; delay: number } | { kind: 'exhausted' } | { kind: 'stop'; reason: StopReason };

export function nextTry({ retryAfter, throttled }: Failure, standing: Standing): NextTry {
  const { now, attempts, firstFailure, lastSuccess, retryFor, random } = standing;
  if (retryAfter !== undefined && retryAfter > longestWait)
    return { kind: 'stop', reason: asksToWait(retryAfter, now) };
  const delay = retryAfter ?? backoff(attempts, random);
  const lastHope = throttled ? Math.max(firstFailure, lastSuccess) : firstFailure;
  // A wait that the server asks for is granted, also where it is longer than the time for retries.
  const unasked = retryAfter === undefined ? delay : 0;
  return now + unasked - lastHope > retryFor ? { kind: 'exhausted' } : { kind: 'wait', delay };
}

function asksToWait(retryAfter: number, now: number): StopReason {
  const seconds = Math.ceil(retryAfter / 1000).toLocaleString('en-US');
  return {
    code: 'server_asks_to_wait',
    message: `the server asks to wait ${seconds} s, longer than the 5 minutes that this run would`,
    hint: `run the same command after ${timeOfDay(now + retryAfter, now)} UTC: it sends what is missing`,
    exitCode: ExitCode.destination,
  };
}

/** @param answer the server's last */
export function nothingAccepted(seconds: number, answer: string): StopReason {
  return {
    code: 'destination_unreachable',
    message: `nothing was accepted for ${seconds} s, and a further try would exceed --retry-for; the last answer: ${answer}`,
    hint: 'check the address and the network, then run the same command again: it sends what is missing',
    exitCode: ExitCode.destination,
  };
}
