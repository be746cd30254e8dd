import { ExitCode } from '../errors.js';
import { parseObject } from '../targets/answer.js';
import type { Verdict } from '../targets/target.js';
import type { Inquiry, TargetRequest } from '../targets/trace-protocol.js';
import { distrust } from './distrust.js';
import { backoff, longestWait } from './retry.js';
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
      const { code, reason: message, hint, exit } = answered;
      const exitCode = exit === 'credentials' ? ExitCode.credentials : ExitCode.destination;
      stop.request({ code, message, hint, exitCode });
      return { kind: 'stopped' };
    }
    const { reason } = answered;
    if (answered.kind !== 'retry') return { kind: 'unanswered', reason };
    firstFailure ??= clock.now();
    const { retryAfter } = answered;
    const delay = retryAfter ?? backoff(attempt, clock.random());
    const isOver = clock.now() + (retryAfter === undefined ? delay : 0) - firstFailure > run.retryFor;
    if (isOver || delay > longestWait) return { kind: 'unanswered', reason };
    run.traffic.retries += 1;
    if (retryAfter === undefined) await clock.sleep(delay, stop.signal);
    else pace.pause(delay);
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
