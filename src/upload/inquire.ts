import { parseObject } from '../targets/answer.js';
import type { Verdict } from '../targets/target.js';
import type { Inquiry, TargetRequest } from '../targets/trace-protocol.js';
import { distrust } from './distrust.js';
import { nextTry } from './next-try.js';
import { stopReasonOf } from './run-stop.js';
import { TransportError } from './transport-error.js';
import type { UploadRun } from './upload-run.js';

export type Inquired<Result> =
  | { kind: 'answered'; result: Result }
  /** Not even after retries, or not in a way that can be read. */
  | { kind: 'unanswered'; reason: string }
  /** The run stops. */
  | { kind: 'stopped' };

type Asked = Inquired<Record<string, unknown>>;
type Failure = Exclude<Verdict, { kind: 'accepted' }>;

/** Asks the destination something, as patiently as the run sends batches and under the same limits. */
export async function inquire<Result>(run: UploadRun, inquiry: Inquiry<Result>): Promise<Inquired<Result>> {
  let step = inquiry.next();
  while (step.done !== true) {
    const asked = await ask(run, step.value);
    if (asked.kind !== 'answered') return asked;
    step = inquiry.next(asked.result);
  }
  return { kind: 'answered', result: step.value };
}

async function ask(run: UploadRun, request: TargetRequest): Promise<Asked> {
  const { clock, stop, pace } = run;
  let firstFailure: number | undefined;
  for (let attempt = 1; ; attempt++) {
    const size = { spans: 0, bytes: request.body.length };
    const answered = await pace.turn(size, stop.signal, () => post(run, request));
    if (answered === undefined) return { kind: 'stopped' };
    if (!('kind' in answered)) return { kind: 'answered', result: answered.json };
    if (answered.kind === 'stop') {
      stop.request(stopReasonOf(answered));
      return { kind: 'stopped' };
    }
    const { reason } = answered;
    if (answered.kind !== 'retry') return { kind: 'unanswered', reason };
    const now = clock.now();
    firstFailure ??= now;
    const { retryAfter } = answered;
    // What other requests meet meanwhile is no hope for a question: it may be left open.
    const next = nextTry(
      { retryAfter, throttled: false },
      {
        now,
        attempts: attempt,
        firstFailure,
        lastSuccess: pace.lastSuccess,
        retryFor: run.retryFor,
        random: clock.random(),
      },
    );
    if (next.kind !== 'wait') return { kind: 'unanswered', reason };
    run.traffic.retries += 1;
    if (retryAfter === undefined) await clock.sleep(next.delay, stop.signal);
    else pace.pause(next.delay);
  }
}

async function post(
  run: UploadRun,
  { url, body }: TargetRequest,
): Promise<{ json: Record<string, unknown> } | Failure> {
  const { traffic, clock, pace } = run;
  const sentAt = clock.now();
  traffic.requests += 1;
  try {
    const answer = await run.transport.post(body, run.abort, undefined, url);
    traffic.bytes += body.length;
    traffic.wireBytes += body.length;
    const json = answer.truncated ? undefined : parseObject(answer.body);
    const isOk = answer.status >= 200 && answer.status < 300;
    if (isOk && json !== undefined) return { json };
    // A key may write and not read: what it sent is no worse for that.
    if (answer.status === 403)
      return { kind: 'unconfirmed', reason: '403, the key may not read what is there' };
    const verdict = run.target.judge(answer, clock.now());
    if (verdict.kind === 'retry' && verdict.throttled) pace.throttled(sentAt);
    if (verdict.kind === 'accepted') return unreadable(answer.status);
    return isOk && verdict.kind !== 'stop' ? unreadable(answer.status) : verdict;
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    if (error.isUntrusted || error.isNoTls) return distrust(error);
    if (error.isTimeout) pace.throttled(sentAt);
    return { kind: 'retry', reason: error.message, retryAfter: undefined, throttled: error.isTimeout };
  }
}

function unreadable(status: number): Failure {
  return { kind: 'unconfirmed', reason: `${status} with an answer that cannot be read` };
}
