import { membersByTrace } from '../trace/members-by-trace.js';
import { spansByBytes } from '../trace/order.js';
import { inquire } from './inquire.js';
import { readIds } from './read-ids.js';
import { warn } from './settle.js';
import type { TraceProtocol } from '../targets/trace-protocol.js';
import type { TraceStates } from './trace-states.js';
import type { UploadRun } from './upload-run.js';

/** What was read back, trace by trace. */
export interface Verification {
  /** Traces of which spans should be there. */
  traces: number;
  /** Of these, traces that hold each span that they should, once. */
  complete: number;
  missingSpans: number;
  /** Copies of spans that are there more than once. What others have sent of a trace is no surplus. */
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

/** Spans of one trace that should be there, and what is known of them. */
interface Counted {
  spans: readonly number[];
  traceId: string;
  /** `undefined` where the destination did not answer. `found` counts copies too. */
  counts: { found: number; missing: number; surplus: number } | undefined;
}

/** Differences that are listed; all are counted. */
const mostListed = 100;
/** Of spans that are read at once, unless a single one is larger. */
const mostBytes = 16 * 1024 * 1024;
/** Milliseconds before what differs is asked for again: what was written a moment ago may take a while to be seen. */
const waits = [1000, 4000];

/** Asks the destination what it holds of each trace, and tells of every one that differs. */
export async function verifyTraces(run: UploadRun): Promise<Verification | undefined> {
  const { traces, target, index } = run;
  if (traces === undefined || target.traces === undefined) return undefined;
  let count = 0;
  function* expected(states: TraceStates): Generator<readonly number[]> {
    for (const members of membersByTrace(index)) {
      const spans = Array.from(members).filter((span) => states.isExpected(span));
      if (spans.length > 0) count += 1;
      if (spans.length > 0) yield spans;
    }
  }
  let differing = await countAll(run, target.traces, expected(traces));
  for (const wait of waits) {
    if (differing.length === 0 || run.stop.requested) break;
    await run.clock.sleep(wait, run.stop.signal);
    const again = differing.map(({ spans }) => spans);
    differing = await countAll(run, target.traces, again);
  }
  return judge(run, count, differing);
}

/** The traces that differ. As many are asked for at once as the pace allows. */
async function countAll(
  run: UploadRun,
  protocol: TraceProtocol,
  traces: Iterable<readonly number[]>,
): Promise<Counted[]> {
  const differing: Counted[] = [];
  const underWay = new Set<Promise<void>>();
  for (const spans of traces) {
    while (underWay.size >= run.pace.concurrency) await Promise.race(underWay);
    const asked = countOne(run, protocol, spans)
      .then((counted) => void (isComplete(counted) || differing.push(counted)))
      .finally(() => underWay.delete(asked));
    underWay.add(asked);
  }
  await Promise.all(underWay);
  return differing.sort((left, right) => left.spans[0]! - right.spans[0]!);
}

function isComplete({ counts }: Counted): boolean {
  return counts?.missing === 0 && counts.surplus === 0;
}

/** Their number tells it where the trace is this run's own; else others may have sent further spans of it. */
async function countOne(run: UploadRun, protocol: TraceProtocol, spans: readonly number[]): Promise<Counted> {
  const [first] = spans;
  const { traceId } = readIds(run.bodies.buildSpan(first!));
  if (run.traces?.get(first!) === 'created') {
    const asked = await inquire(run, protocol.countSpans(run.endpoint, traceId));
    if (asked.kind !== 'answered') return { spans, traceId, counts: undefined };
    run.pace.succeeded();
    const found = asked.result ?? 0;
    if (found === spans.length || found === 0)
      return { spans, traceId, counts: { found, missing: spans.length - found, surplus: 0 } };
  }
  return { spans, traceId, counts: await findAll(run, spans) };
}

async function findAll(run: UploadRun, spans: readonly number[]): Promise<Counted['counts']> {
  if (run.requests.find === undefined) return undefined;
  const counts = { found: 0, missing: 0, surplus: 0 };
  // A trace may be larger than memory is meant to be.
  for (const stretch of spansByBytes(spans, run.sizeOf, mostBytes)) {
    const asked = await inquire(run, run.requests.find(stretch));
    if (asked.kind !== 'answered') return undefined;
    run.pace.succeeded();
    if (asked.result === undefined) {
      counts.missing += stretch.length;
      continue;
    }
    for (const { copies } of asked.result) {
      counts.found += copies;
      if (copies === 0) counts.missing += 1;
      else counts.surplus += copies - 1;
    }
  }
  return counts;
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
  for (const { spans, traceId, counts } of differing) {
    const [first] = spans;
    const expected = spans.length;
    if (counts === undefined) {
      verification.unanswered += 1;
      warn(run, 'unverified', `trace ${traceId}: the destination does not tell what it holds`, first);
      continue;
    }
    const { found, missing, surplus } = counts;
    verification.missingSpans += missing;
    verification.surplusSpans += surplus;
    if (differences.length < mostListed) differences.push({ traceId, expected, found });
    if (missing > 0) {
      const message = `trace ${traceId}: the destination lacks ${missing} of ${expected} spans`;
      warn(run, 'spans_missing', message, first);
    }
    if (surplus > 0) {
      const message = `trace ${traceId}: the destination holds ${expected} spans ${found} times`;
      warn(run, 'spans_surplus', message, first);
    }
  }
  return verification;
}
