import { membersByTrace } from '../trace/members-by-trace.js';
import { inquire } from './inquire.js';
import { readIds } from './read-ids.js';
import { warn } from './settle.js';
import type { TraceProtocol } from '../targets/trace-protocol.js';
import type { UploadRun } from './upload-run.js';

/** What was read back, trace by trace. */
export interface Verification {
  /** Traces of which spans should be there. */
  traces: number;
  /** Of these, traces that hold as many spans as they should. */
  complete: number;
  missingSpans: number;
  surplusSpans: number;
  /** Traces of which the destination told nothing. */
  unanswered: number;
  /** The first traces that differ. */
  differences: readonly Difference[];
}

interface Difference {
  traceId: string;
  expected: number;
  found: number;
}

/** A trace and what is known of it: `undefined` where the destination did not answer. */
interface Counted {
  first: number;
  traceId: string;
  expected: number;
  found: number | undefined;
}

/** Differences that are listed; all are counted. */
const mostListed = 100;
/** Milliseconds before what differs is asked for again: what was written a moment ago may take a while to be seen. */
const waits = [1000, 4000];

/** Asks the destination how many spans it holds of each trace, and tells of every one that differs. */
export async function verifyTraces(run: UploadRun): Promise<Verification | undefined> {
  const { traces, target, index } = run;
  if (traces === undefined || target.traces === undefined) return undefined;
  const firsts: number[] = [];
  for (const [first] of membersByTrace(index))
    if (first !== undefined && traces.expectedOf(first) > 0) firsts.push(first);
  let differing = await countAll(run, target.traces, firsts);
  for (const wait of waits) {
    if (differing.length === 0 || run.stop.requested) break;
    await run.clock.sleep(wait, run.stop.signal);
    differing = await countAll(
      run,
      target.traces,
      differing.map(({ first }) => first),
    );
  }
  return judge(run, firsts.length, differing);
}

/** The traces that differ. As many are asked for at once as the pace allows. */
async function countAll(
  run: UploadRun,
  protocol: TraceProtocol,
  firsts: readonly number[],
): Promise<Counted[]> {
  const differing: Counted[] = [];
  const underWay = new Set<Promise<void>>();
  for (const first of firsts) {
    while (underWay.size >= run.pace.concurrency) await Promise.race(underWay);
    const asked = countOne(run, protocol, first)
      .then((counted) => void (counted.found === counted.expected || differing.push(counted)))
      .finally(() => underWay.delete(asked));
    underWay.add(asked);
  }
  await Promise.all(underWay);
  return differing.sort((left, right) => left.first - right.first);
}

async function countOne(run: UploadRun, protocol: TraceProtocol, first: number): Promise<Counted> {
  const { traceId } = readIds(run.bodies.buildSpan(first));
  const expected = run.traces?.expectedOf(first) ?? 0;
  const counted = { first, traceId, expected };
  const asked = await inquire(run, protocol.countSpans(run.endpoint, traceId));
  if (asked.kind !== 'answered') return { ...counted, found: undefined };
  run.pace.succeeded();
  return { ...counted, found: asked.result ?? 0 };
}

function judge(run: UploadRun, traces: number, differing: readonly Counted[]): Verification {
  const differences: Difference[] = [];
  const verification = {
    traces,
    complete: traces - differing.length,
    missingSpans: 0,
    surplusSpans: 0,
    unanswered: 0,
    differences,
  };
  for (const { first, traceId, expected, found } of differing) {
    if (found === undefined) {
      verification.unanswered += 1;
      warn(run, 'unverified', `trace ${traceId}: the destination does not tell what it holds`, first);
      continue;
    }
    const missing = found < expected;
    if (missing) verification.missingSpans += expected - found;
    else verification.surplusSpans += found - expected;
    if (differences.length < mostListed) differences.push({ traceId, expected, found });
    const message = `trace ${traceId}: the destination holds ${found} of ${expected} spans`;
    warn(run, missing ? 'spans_missing' : 'spans_surplus', message, first);
  }
  return verification;
}
