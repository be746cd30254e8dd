import { ExitCode, ImportError } from '../errors.js';
import type { Answer, Verdict } from '../targets/target.js';
import type { Batch } from './batches.js';
import { distrust } from './distrust.js';
import { TransportError } from './transport-error.js';
import { askHeld, settleHeld } from './existing.js';
import type { PreparedRequest } from './requests.js';
import { backoff, longestWait } from './retry.js';
import {
  settleAccepted,
  settleFailed,
  settleHeldBack,
  settleRefused,
  settleUnconfirmed,
  warn,
} from './settle.js';
import type { UploadRun } from './upload-run.js';

/** Resets of one batch after which its size is suspected: some servers cut the connection in place of a 413. */
const suspiciousResets = 2;
/** The same where nothing that passes beside it confirms the suspicion. */
const suspiciousLoneResets = 3;
/** Batches are not made smaller than this, in bytes, because one was found too large. */
const smallestLimit = 8 * 1024;

/** What became of a batch: settled for good, or to be offered again in pieces. */
type Outcome = 'settled' | 'split';

/** What the attempts of a batch left behind. Its pieces inherit it. */
interface Past {
  /** True once an attempt may have reached the server without an answer coming back. */
  replyLost: boolean;
  /** True once the spans have been counted as possibly repeated. */
  repeatCounted: boolean;
  /** When the connection was first reset. Milliseconds since the epoch. */
  firstReset: number | undefined;
}

/** Sends a batch until every span of it is accounted for: retried, halved and bisected as the answers ask. */
export async function deliver(run: UploadRun, batch: Batch): Promise<void> {
  const waiting = [
    new Delivery(run, batch, { replyLost: false, repeatCounted: false, firstReset: undefined }),
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (run.stop.requested) next.giveWay();
    else if ((await next.settle()) === 'split') waiting.push(...next.pieces().toReversed());
  }
}

/** One batch on its way: the state that attempts share. */
class Delivery {
  private attempts = 0;
  private resets = 0;
  private suspicions = 0;
  private firstFailure: number | undefined;
  /** The destination has said that it does not hold the spans, and nothing was sent since. */
  private knownMissing = false;
  /** The batches in its place, where it is not the usual halves. */
  private parts: Batch[] | undefined;

  constructor(
    private readonly run: UploadRun,
    private readonly batch: Batch,
    private readonly past: Past,
  ) {}

  /** What is offered in its place, in order. */
  pieces(): Delivery[] {
    const { run, batch, past } = this;
    const pieces = this.parts ?? run.requests.split(batch);
    return pieces.map((piece) => new Delivery(run, piece, { ...past }));
  }

  /** A foreseen error (a changed input, a full disk) stops the run in an orderly way; a bug does not. */
  async settle(): Promise<Outcome> {
    try {
      return await this.send();
    } catch (error) {
      if (!(error instanceof ImportError)) throw error;
      this.run.stop.request(error);
      return this.attempts === 0 ? this.giveWay() : this.fail();
    }
  }

  private async send(): Promise<Outcome> {
    const { run, batch } = this;
    const prepared = run.requests.prepare(batch);
    if (prepared.kind === 'hopeless') return this.fail();
    if (prepared.kind === 'pieces') return this.splitInto(prepared.pieces);
    for (;;) {
      if (this.mustAsk(prepared)) {
        const held = await askHeld(run, batch, prepared);
        if (held === 'stopped') return this.giveWay();
        if (held === 'unknown') return this.fail();
        if (held === 'all') return this.find();
        this.knownMissing = true;
      }
      const verdict = await run.pace.turn(
        { spans: batch.spans.length, bytes: batch.bytes },
        run.stop.signal,
        () => this.attempt(prepared),
      );
      if (verdict === undefined) return this.giveWay();
      const outcome = await this.follow(verdict, prepared);
      if (outcome !== undefined) return outcome;
    }
  }

  private mustAsk({ ask }: PreparedRequest): boolean {
    if (ask === 'never' || this.knownMissing) return false;
    return this.past.replyLost || (ask === 'at first' && this.attempts === 0);
  }

  private async attempt({ request, mayRepeat }: PreparedRequest): Promise<Verdict> {
    const { run, batch } = this;
    const { traffic } = run;
    if (this.attempts > 0) traffic.retries += 1;
    if (this.past.replyLost && mayRepeat) this.countRepeat();
    this.attempts += 1;
    this.knownMissing = false;
    traffic.requests += 1;
    traffic.inFlight += 1;
    const sentAt = run.clock.now();
    run.onEvent({
      kind: 'batch-started',
      spans: batch.spans.length,
      bytes: batch.bytes,
      inFlight: traffic.inFlight,
      concurrency: run.pace.concurrency,
    });
    let answer: Answer;
    try {
      answer = await run.transport.post(request.body, run.abort, request.url);
      traffic.bytes += request.body.length;
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      return this.judgeSilence(error, sentAt);
    } finally {
      traffic.inFlight -= 1;
    }
    const verdict = run.target.judge(answer, run.clock.now());
    if (answer.status === 502 || answer.status === 504) this.past.replyLost = true;
    if (verdict.kind === 'retry' && verdict.throttled) run.pace.throttled(sentAt);
    return verdict;
  }

  private judgeSilence(error: TransportError, sentAt: number): Verdict {
    if (error.isUntrusted || error.isNoTls) return distrust(error);
    if (error.mayHaveArrived) this.past.replyLost = true;
    if (error.isTimeout) this.run.pace.throttled(sentAt);
    if (error.isReset) {
      this.resets += 1;
      this.past.firstReset ??= this.run.clock.now();
    }
    const othersPass = this.run.pace.lastSuccess > (this.past.firstReset ?? Number.POSITIVE_INFINITY);
    const enough = othersPass ? suspiciousResets : suspiciousLoneResets;
    const alone = this.run.pace.lastSuccess === Number.NEGATIVE_INFINITY;
    if (this.resets >= enough && this.batch.spans.length > 1) {
      const reason = `the connection was reset ${this.resets} times`;
      // Several large batches at once may hide that a small one would pass. Without a sign of that the limit stays:
      // an outage must not leave small batches behind.
      return { kind: othersPass || alone ? 'too-large' : 'invalid', reason };
    }
    return { kind: 'retry', reason: error.message, retryAfter: undefined, throttled: error.isTimeout };
  }

  /** Acts on a verdict; undefined means another attempt. */
  private async follow(verdict: Verdict, prepared: PreparedRequest): Promise<Outcome | undefined> {
    const { run, batch } = this;
    switch (verdict.kind) {
      case 'accepted':
        settleAccepted(run, batch, prepared.request.body, verdict);
        run.requests.recycle(prepared.request.body);
        return 'settled';
      case 'unconfirmed':
        settleUnconfirmed(run, batch, verdict.reason);
        return 'settled';
      case 'exists':
        return this.reconcile(prepared);
      case 'too-large':
        // Below this size a batch passed or was never tried: further batches keep to it.
        run.limits.bytes = Math.min(run.limits.bytes, Math.max(smallestLimit, Math.floor(batch.bytes / 2)));
        return this.splitOrRefuse(`${verdict.reason} (${batch.bytes} bytes)`);
      case 'invalid':
        return this.splitOrRefuse(verdict.reason);
      case 'suspicious':
        this.suspicions += 1;
        if (this.suspicions < 2 && run.retryFor > 0)
          return this.retry({ ...verdict, retryAfter: undefined, throttled: false });
        return this.stopRun(verdict.code, verdict.reason, verdict.hint, ExitCode.destination);
      case 'stop':
        return this.stopRun(
          verdict.code,
          verdict.reason,
          verdict.hint,
          verdict.exit === 'credentials' ? ExitCode.credentials : ExitCode.destination,
        );
      case 'retry':
        return this.retry(verdict);
    }
  }

  /** A trace that somebody else has created may hold fewer spans: then each is asked for. */
  private async reconcile(prepared: PreparedRequest): Promise<Outcome> {
    const { run, batch, past } = this;
    if (past.replyLost || prepared.ask !== 'never') return this.find();
    const held = await askHeld(run, batch, prepared);
    if (held === 'stopped') return this.giveWay();
    if (held === 'fewer') {
      run.traces?.set(batch.spans[0]!, 'found');
      return 'split';
    }
    if (held === 'unknown') {
      const message =
        'the destination has the trace already, and does not tell how many spans of it: see --verify';
      warn(run, 'existing_unchecked', message);
    }
    return this.find();
  }

  private find(): Outcome {
    settleHeld(this.run, this.batch, this.past.replyLost);
    return 'settled';
  }

  private splitOrRefuse(reason: string): Outcome {
    if (this.batch.spans.length > 1) return 'split';
    settleRefused(this.run, this.batch, reason);
    return 'settled';
  }

  private async retry(cause: {
    reason: string;
    retryAfter: number | undefined;
    throttled: boolean;
  }): Promise<Outcome | undefined> {
    const { run } = this;
    const now = run.clock.now();
    this.firstFailure ??= now;
    if (run.stop.requested) return this.giveWay();
    if (cause.retryAfter !== undefined && cause.retryAfter > longestWait) {
      const seconds = Math.ceil(cause.retryAfter / 1000).toLocaleString('en-US');
      return this.stopRun(
        'server_asks_to_wait',
        `the server asks to wait ${seconds} s, longer than the 5 minutes that this run would`,
        `run the same command after ${timeOfDay(now + cause.retryAfter, now)} UTC: it sends what is missing`,
        ExitCode.destination,
      );
    }
    const delay = cause.retryAfter ?? backoff(this.attempts, run.clock.random());
    const lastHope = cause.throttled ? Math.max(this.firstFailure, run.pace.lastSuccess) : this.firstFailure;
    // A wait that the server asks for is granted, also where it is longer than the time for retries.
    const unasked = cause.retryAfter === undefined ? delay : 0;
    if (now + unasked - lastHope > run.retryFor) return this.exhausted(cause.reason);
    run.onEvent({
      kind: 'waiting',
      milliseconds: delay,
      reason: cause.reason,
      asked: cause.retryAfter !== undefined,
      attempt: this.attempts + 1,
    });
    if (cause.retryAfter === undefined) await run.clock.sleep(delay, run.stop.signal);
    else run.pace.pause(delay);
    return undefined;
  }

  private exhausted(reason: string): Outcome {
    const { run } = this;
    run.words.hearError(reason);
    run.onEvent({ kind: 'server-error', message: reason });
    this.fail();
    if (run.pace.lastSuccess < this.firstFailure!) {
      const seconds = Math.round((run.clock.now() - this.firstFailure!) / 1000);
      run.stop.request({
        code: 'destination_unreachable',
        message: `nothing was accepted for ${seconds} s, and a further try would exceed --retry-for; the last answer: ${reason}`,
        hint: 'check the address and the network, then run the same command again: it sends what is missing',
        exitCode: ExitCode.destination,
      });
    }
    return 'settled';
  }

  private stopRun(code: string, message: string, hint: string, exitCode: ExitCode): Outcome {
    this.run.stop.request({ code, message, hint, exitCode });
    return this.giveWay();
  }

  /** The run stops. A batch whose answer was lost may be there already: it failed, it was not held back. */
  giveWay(): Outcome {
    if (this.past.replyLost) return this.fail();
    settleHeldBack(this.run, this.batch);
    return 'settled';
  }

  private fail(): Outcome {
    settleFailed(this.run, this.batch, this.past.replyLost);
    return 'settled';
  }

  private splitInto(pieces: Batch[]): Outcome {
    this.parts = pieces;
    return 'split';
  }

  private countRepeat(): void {
    if (!this.past.repeatCounted) this.run.counts.possiblyRepeated += this.batch.spans.length;
    this.past.repeatCounted = true;
  }
}

/** `14:05`, with the date where it is another day's; rounded up to the minute, so that it is not too early. */
function timeOfDay(time: number, now: number): string {
  const minute = 60_000;
  const text = new Date(Math.ceil(time / minute) * minute).toISOString();
  const sameDay = text.startsWith(new Date(now).toISOString().slice(0, 10));
  return sameDay ? text.slice(11, 16) : text.slice(0, 16).replace('T', ' ');
}
