import { setMaxListeners } from 'node:events';

import { ExitCode } from '../errors.js';
import { keyPrint, ledgerFolder } from '../ledger/destination.js';
import { Ledger, type RunIntent } from '../ledger/ledger.js';
import type { UploadOptions } from '../options.js';
import type { Plan } from '../plan/plan.js';
import { Secrets } from '../secrets.js';
import type { OnEvent } from '../report/events.js';
import type { Counts } from '../report/summary.js';
import type { TraceIndex } from '../trace/trace-index.js';
import { unsentTraces } from '../trace/order.js';
import { BatchBodyBuilder } from './batch-body.js';
import { frameBytes } from './batches.js';
import { ContentCoding } from './content-coding.js';
import { noDelivery, type DeliveryCounts } from './delivery-counts.js';
import { createTransport } from './http.js';
import { Pace } from './pace.js';
import { FramedRequests } from './requests.js';
import { RunStop, type StopReason } from './run-stop.js';
import { ServerWords } from './server-words.js';
import { TraceRequests } from './trace-requests.js';
import { TraceStates } from './trace-states.js';
import type { UploadRun } from './upload-run.js';
import { uploadTraces } from './uploader.js';
import { verifyTraces, type Verification } from './verify.js';

export interface UploadResult {
  endpoint: string;
  counts: DeliveryCounts;
  warnings: Counts;
  notes: Counts;
  words: ServerWords;
  traffic: UploadRun['traffic'];
  /** Where it was asked for and could begin. */
  verification: Verification | undefined;
  /** Bodies were to go compressed. */
  gzip: boolean;
  stopped: StopReason | undefined;
}

/** Sends what the ledger does not know yet. Resolves with the counts also where the run had to stop. */
export async function uploadPlan(
  plan: Plan,
  options: UploadOptions,
  onEvent: OnEvent,
): Promise<UploadResult> {
  const { index, bodies } = plan;
  const { target, destination, clock } = options;
  const ledger = new Ledger(ledgerFolder(options.stateFolder, destination), clock);
  const counts = noDelivery();
  const stop = new RunStop();
  const listening = stopOnInterrupt(stop, options.interrupt);
  // Every request in flight and every wait listens; more than ten are no leak.
  setMaxListeners(0, stop.signal, options.abort);
  await stop.guardAsync(() => ledger.begin(index, intentOf(plan, options), stop.signal));
  index.seal();

  const { endpoint } = destination;
  const builder = new BatchBodyBuilder(index, bodies, target.frame);
  const frame = frameBytes(target.frame);
  const { sizeOf } = plan;
  const traces = target.traces && new TraceStates(index);
  const run: UploadRun = {
    index,
    target,
    endpoint,
    ledger,
    clock,
    stop,
    counts,
    onEvent,
    bodies: builder,
    frame,
    sizeOf,
    traces,
    requests:
      target.traces && traces
        ? new TraceRequests({
            index,
            bodies: builder,
            states: traces,
            protocol: target.traces,
            endpoint,
            frame,
            sizeOf,
          })
        : new FramedRequests(builder, endpoint, frame, sizeOf),
    transport: await createTransport({
      endpoint,
      headers: target.headers(destination.key),
      secrets: new Secrets([destination.key]),
      authorities: options.authorities,
      timeout: options.timeout,
      connections: options.concurrency,
      environment: options.environment,
    }),
    pace: new Pace(clock, options.concurrency, options.rateLimits),
    abort: options.abort,
    warnings: {},
    notes: {},
    coding: new ContentCoding(options.gzip === true),
    maxErrors: options.maxErrors,
    words: new ServerWords(target.traces !== undefined),
    limits: { ...options.limits },
    retryFor: options.retryFor,
    traffic: { requests: 0, bytes: 0, wireBytes: 0, retries: 0, inFlight: 0 },
    progress: { settledSpans: 0, totalSpans: 0 },
    placeOf: (span) => bodies.placeOf(index, span),
  };
  countKnown(index, counts);
  const known = counts.alreadyImported;
  run.progress.totalSpans = index.defined - known;
  onEvent({ kind: 'upload-started', endpoint, spans: run.progress.totalSpans });
  let verification: Verification | undefined;
  try {
    await uploadTraces(run, unsentTraces(index), options.concurrency);
    if (options.verify === true && !stop.requested) verification = await verifyTraces(run);
  } finally {
    listening.stop();
    run.transport.close();
    const found = counts.alreadyImported - known;
    const settled = counts.ingested + counts.unconfirmed + counts.refused + found;
    stop.guard(() =>
      ledger.close({
        isComplete: settled === run.progress.totalSpans,
        stopped: stop.reason?.code ?? null,
        refused: counts.refused,
        failed: counts.failed,
        heldBack: counts.heldBack,
      }),
    );
  }
  return {
    endpoint,
    counts,
    warnings: run.warnings,
    notes: run.notes,
    words: run.words,
    traffic: run.traffic,
    verification,
    gzip: options.gzip === true,
    stopped: stop.reason,
  };
}

/** Names of inputs that a run's record keeps; there may be thousands. */
const namedInputs = 20;

function intentOf({ inputs, rewrite }: Plan, options: UploadOptions): RunIntent {
  const { run, destination, command, resume } = options;
  return {
    facts: {
      name: run,
      endpoint: destination.endpoint,
      destination: destination.name ?? null,
      key: keyPrint(destination.account ?? destination.key),
      ...(destination.project === undefined ? {} : { project: destination.project }),
      inputs: inputs.slice(0, namedInputs).map(({ name }) => name),
      inputCount: inputs.length,
      command: command ?? null,
    },
    decided: { remapSeed: rewrite?.remapSeed, shiftTo: rewrite?.shiftTo, shiftFrom: rewrite?.shiftFrom },
    resume,
  };
}

function countKnown(index: TraceIndex, counts: DeliveryCounts): void {
  if (!index.hasKnown) return;
  for (let span = 0; span < index.mentioned; span++) {
    if (!index.isDefined(span)) continue;
    if (index.isImported(span)) counts.alreadyImported += 1;
    else if (index.isChanged(span)) counts.changed += 1;
  }
}

function stopOnInterrupt(stop: RunStop, interrupt: AbortSignal): { stop: () => void } {
  const onInterrupt = (): void =>
    stop.request({
      code: 'interrupted',
      message: 'interrupted before everything was sent',
      hint: 'run the same command again: it sends what is missing',
      exitCode: ExitCode.interrupted,
    });
  interrupt.addEventListener('abort', onInterrupt, { once: true });
  if (interrupt.aborted) onInterrupt();
  return { stop: () => interrupt.removeEventListener('abort', onInterrupt) };
}
