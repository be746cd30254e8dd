import { ImportError } from '../errors.js';
import type { Verdict } from '../targets/target.js';
import type { Batch } from './batches.js';
import type { WireBody } from './content-coding.js';
import { distrust } from './distrust.js';
import { TransportError } from './transport-error.js';
import { askHeld, settleOther, type Held } from './existing.js';
import { nextTry, nothingAccepted } from './next-try.js';
import { postBatch } from './post-batch.js';
import { stopReasonOf, type StopReason } from './run-stop.js';
import type { Prepared, PreparedRequest } from './requests.js';
import {
  note,
  settleAccepted,
  settleExisting,
  settleFailed,
  settleHeldBack,
  settleRefused,
  settleUnconfirmed,
} from './settle.js';
import { suspectSize } from './suspect-size.js';
import type { UploadRun } from './upload-run.js';

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

/**
 * Sends a batch until every span of it is accounted for: retried, halved and bisected as the answers ask.
 *
 * @param prepared the batch's request, where it is made already
 */
export async function deliver(run: UploadRun, batch: Batch, prepared?: Prepared): Promise<void> {
  const past = { replyLost: false, repeatCounted: false, firstReset: undefined };
  const whole = new Delivery(run, batch, past, prepared);
  // Packed before an answer told that so much is too much.
  const isTooLarge = batch.bytes > run.limits.bytes && batch.spans.length > 1;
  const waiting = isTooLarge ? whole.pieces().toReversed() : [whole];
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
    private readonly prepared?: Prepared,
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
    const prepared = this.prepared ?? run.requests.prepare(batch);
    if (prepared.kind === 'hopeless') return this.fail();
    if (prepared.kind === 'pieces') return this.splitInto(prepared.pieces);
    let wire: WireBody | undefined;
    for (;;) {
      if (this.mustAsk(prepared)) {
        const held = await askHeld(run, batch);
        if (held !== 'fewer') return this.find(held);
        this.knownMissing = true;
      }
      const sent = (wire = await run.coding.encode(prepared.request.body, wire));
      const verdict = await run.pace.turn(
        { spans: batch.spans.length, bytes: sent.bytes.length },
        run.stop.signal,
        () => this.attempt(prepared, sent),
      );
      if (verdict === undefined) return this.giveWay();
      if (verdict === 'coding refused') continue;
      const outcome = await this.follow(verdict, prepared);
      if (outcome !== undefined) return outcome;
    }
  }

  private mustAsk({ ask }: PreparedRequest): boolean {
    if (ask === 'never' || this.knownMissing) return false;
    return this.past.replyLost || (ask === 'at first' && this.attempts === 0);
  }

  private async attempt(prepared: PreparedRequest, wire: WireBody): Promise<Verdict | 'coding refused'> {
    const { run, batch } = this;
    if (this.attempts > 0) run.traffic.retries += 1;
    if (this.past.replyLost && prepared.mayRepeat) this.countRepeat();
    this.attempts += 1;
    this.knownMissing = false;
    const sentAt = run.clock.now();
    const answer = await postBatch(run, batch, prepared, wire);
    if (answer instanceof TransportError) return this.judgeSilence(answer, sentAt);
    if (run.coding.isRefused(wire, answer.status)) return this.sendPlain(answer.status);
    const verdict = run.target.judge(answer, run.clock.now());
    if (verdict.kind === 'accepted' || verdict.kind === 'unconfirmed') run.coding.taken(wire);
    if (this.mayHaveStored(answer.status)) this.past.replyLost = true;
    if (verdict.kind === 'retry' && verdict.throttled) run.pace.throttled(sentAt);
    return verdict;
  }

  /** A gateway speaks for a server that it did not hear. Where nothing may be stored twice, no other fault is trusted. */
  private mayHaveStored(status: number): boolean {
    return status === 502 || status === 504 || (status >= 500 && this.run.requests.find !== undefined);
  }

  /** The server has said nothing about the batch yet: this was no attempt. */
  private sendPlain(status: number): 'coding refused' {
    this.attempts -= 1;
    if (this.run.coding.turnOff()) {
      const message = `the server answers ${status} to a compressed request; this run sends plain ones`;
      note(this.run, 'gzip_refused', message);
    }
    return 'coding refused';
  }

  private judgeSilence(error: TransportError, sentAt: number): Verdict {
    if (error.isUntrusted || error.isNoTls) return distrust(error);
    if (error.mayHaveArrived) this.past.replyLost = true;
    if (error.isTimeout) this.run.pace.throttled(sentAt);
    if (error.isReset) {
      this.resets += 1;
      this.past.firstReset ??= this.run.clock.now();
    }
    const { resets, past, batch, run } = this;
    const suspicion = batch.spans.length > 1 ? suspectSize(resets, past.firstReset, run.pace) : undefined;
    if (suspicion !== undefined) return suspicion;
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
        return this.reconcile();
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
        return this.stopRun(stopReasonOf({ ...verdict, kind: 'stop', exit: 'destination' }));
      case 'stop':
        return this.stopRun(stopReasonOf(verdict));
      case 'retry':
        return this.retry(verdict);
    }
  }

  /**
   * What was refused because the trace is there. A request that creates a trace brings all of its spans or none: where
   * one is missing or differs, somebody else has created it, and each span is asked for.
   */
  private async reconcile(): Promise<Outcome> {
    const { run, batch, past } = this;
    const held = await askHeld(run, batch);
    if (held !== 'fewer' && held !== 'other') return this.find(held);
    past.replyLost = false;
    run.traces?.set(batch.spans[0]!, 'found');
    return 'split';
  }

  /** Books what the destination was found to hold. */
  private find(held: Exclude<Held, 'fewer'>): Outcome {
    const { run, batch, past } = this;
    if (held === 'stopped') return this.giveWay();
    if (held === 'unknown') return this.fail();
    if (held === 'other') settleOther(run, batch);
    else settleExisting(run, batch, past.replyLost);
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
    const next = nextTry(cause, {
      now,
      attempts: this.attempts,
      firstFailure: this.firstFailure,
      lastSuccess: run.pace.lastSuccess,
      retryFor: run.retryFor,
      random: run.clock.random(),
    });
    if (next.kind === 'exhausted') return this.exhausted(cause.reason);
    if (next.kind === 'stop') return this.stopRun(next.reason);
    const { delay } = next;
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
      run.stop.request(nothingAccepted(seconds, reason));
    }
    return 'settled';
  }

  private stopRun(reason: StopReason): Outcome {
    this.run.stop.request(reason);
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
