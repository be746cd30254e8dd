import type { ImportEvent } from './events.js';
import { formatCount, formatRate, formatShare, formatThings, formatWait } from './figures.js';
import type { LinePart } from './fitted-line.js';
import { TimeLeft } from './time-left.js';
import { describeWait } from './waits.js';

/** How far the upload is. Times are the ticker's milliseconds. */
export interface Uploading {
  since: number;
  spans: number;
  settled: number;
  bytes: number;
  inFlight: number;
  /** Requests that may be in flight. */
  concurrency: number;
  retries: number;
  timeLeft: TimeLeft;
  waiting: { until: number; asked: boolean; text: string } | undefined;
}

export function startUpload(spans: number, now: number): Uploading {
  return {
    since: now,
    spans,
    settled: 0,
    bytes: 0,
    inFlight: 0,
    concurrency: 1,
    retries: 0,
    timeLeft: new TimeLeft(now),
    waiting: undefined,
  };
}

const longestReason = 60;

export function followUpload(uploading: Uploading, event: ImportEvent, now: number): void {
  if (event.kind === 'batch-started') {
    uploading.inFlight = event.inFlight;
    uploading.concurrency = event.concurrency;
    uploading.waiting = undefined;
  } else if (event.kind === 'batch-settled') {
    uploading.inFlight = Math.max(0, uploading.inFlight - 1);
    uploading.settled = event.settledSpans;
    uploading.spans = event.totalSpans;
    uploading.bytes += event.bytes;
    uploading.timeLeft.note(event.settledSpans, now);
  } else if (event.kind === 'waiting') {
    uploading.inFlight = Math.max(0, uploading.inFlight - 1);
    uploading.retries += 1;
    const { milliseconds, asked } = event;
    uploading.waiting = { until: now + milliseconds, asked, text: describeWait(event, longestReason) };
  }
}

export function uploadParts(uploading: Uploading, now: number): LinePart[] {
  const { since, spans, settled, bytes, inFlight, concurrency, retries, timeLeft } = uploading;
  const waiting =
    uploading.waiting !== undefined && uploading.waiting.until > now ? uploading.waiting : undefined;
  // A backoff holds one batch up, a wait that the server asks for holds up all.
  const left = timeLeft.left(spans, now, waiting?.asked === true ? waiting.until : undefined);
  const { rate } = timeLeft;
  return [
    { text: 'uploading', expendable: 0 },
    {
      text: `${formatCount(settled)} of ${formatThings(spans, 'span')} (${formatShare(settled, spans)})`,
      expendable: 0,
    },
    ...some(rate === undefined ? undefined : `${formatCount(Math.round(rate * 1000))} spans/s`, 3),
    ...some(bytes > 0 ? formatRate(bytes, (now - since) / 1000) : undefined, 4),
    ...some(inFlight > 0 ? `${inFlight} of ${formatThings(concurrency, 'request')} in flight` : undefined, 2),
    ...some(retries > 0 ? formatThings(retries, 'retry', 'retries') : undefined, 3),
    ...some(left === undefined || left < 1000 ? undefined : `about ${formatWait(left / 1001)} left`, 0),
    ...some(waiting?.text, 0),
    ...some(waiting === undefined ? undefined : `${formatWait((waiting.until - now) / 1000)} to go`, 2),
  ];
}

function some(text: string | undefined, expendable: number): LinePart[] {
  return text === undefined ? [] : [{ text, expendable }];
}
