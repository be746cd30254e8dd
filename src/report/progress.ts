import type { ImportEvent } from './events.js';
import { formatBytes, formatCount, formatRate, formatSeconds, formatShare, formatThings } from './figures.js';
import { sanitise, toAscii, type Output } from './terminal.js';

/** Time as the progress sees it. */
export interface Ticker {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Calls back every so many milliseconds until the returned function is called. Must not keep the process alive. */
  every(milliseconds: number, callback: () => void): () => void;
}

const systemTicker: Ticker = {
  now: () => performance.now(),
  every(milliseconds, callback) {
    const timer = setInterval(callback, milliseconds).unref();
    return () => clearInterval(timer);
  },
};

export interface Progress {
  handle(event: ImportEvent): void;
  /** Erases the line and stops the timer. */
  close(): void;
}

const repaintMilliseconds = 100;
const plainLineMilliseconds = 10_000;

interface Reading {
  rows: number;
  bytes: number;
  totalBytes: number | undefined;
}

interface Uploading {
  since: number;
  spans: number;
  settled: number;
  inFlight: number;
  bytes: number;
  waiting: { until: number; reason: string } | undefined;
}

/** One repainted line on a terminal, a plain line every ten seconds elsewhere. */
export function createProgress(output: Output, ticker: Ticker = systemTicker): Progress {
  const started = ticker.now();
  let reading: Reading | undefined;
  let uploading: Uploading | undefined;

  const line = (): string | undefined => {
    const now = ticker.now();
    if (uploading) return uploadLine(uploading, now);
    return reading && readLine(reading, (now - started) / 1000);
  };
  const show = output.stderr.interactive
    ? (text: string) => output.status(text.slice(0, output.stderr.width - 1).toWellFormed())
    : (text: string) => output.writeError(`${text}\n`);
  const stop = ticker.every(output.stderr.interactive ? repaintMilliseconds : plainLineMilliseconds, () => {
    const text = line();
    if (text !== undefined) show(output.ascii ? toAscii(text) : text);
  });

  return {
    handle(event) {
      if (event.kind === 'rows-read') {
        const { rows, bytes, totalBytes } = event;
        reading = { rows, bytes, totalBytes };
      } else if (event.kind === 'planned') {
        reading = undefined;
        output.status('');
      } else if (event.kind === 'upload-started') {
        uploading = {
          since: ticker.now(),
          spans: event.spans,
          settled: 0,
          inFlight: 0,
          bytes: 0,
          waiting: undefined,
        };
      } else if (uploading) {
        followUpload(uploading, event, ticker);
      }
    },
    close() {
      stop();
      output.status('');
    },
  };
}

/** For `--quiet` and `--no-progress`. */
export const noProgress: Progress = { handle: () => {}, close: () => {} };

function followUpload(uploading: Uploading, event: ImportEvent, ticker: Ticker): void {
  if (event.kind === 'batch-started') {
    uploading.inFlight = event.inFlight;
    uploading.waiting = undefined;
  } else if (event.kind === 'batch-settled') {
    uploading.inFlight = Math.max(0, uploading.inFlight - 1);
    uploading.settled = event.settledSpans;
    uploading.spans = event.totalSpans;
    uploading.bytes += event.bytes;
  } else if (event.kind === 'waiting') {
    uploading.waiting = { until: ticker.now() + event.milliseconds, reason: event.reason };
  }
}

function readLine({ rows, bytes, totalBytes }: Reading, seconds: number): string {
  const size =
    totalBytes === undefined
      ? formatBytes(bytes)
      : `${formatBytes(bytes)} of ${formatBytes(totalBytes)} (${formatShare(bytes, totalBytes)})`;
  return join('reading', [formatThings(rows, 'row'), size, formatRate(bytes, seconds)]);
}

function uploadLine({ since, spans, settled, inFlight, bytes, waiting }: Uploading, now: number): string {
  const seconds = (now - since) / 1000;
  const left = settled > 0 ? (seconds / settled) * (spans - settled) : undefined;
  return join('uploading', [
    `${formatCount(settled)} of ${formatThings(spans, 'span')} (${formatShare(settled, spans)})`,
    inFlight > 0 ? `${formatThings(inFlight, 'request')} in flight` : undefined,
    formatRate(bytes, seconds),
    left === undefined || left < 1 ? undefined : `about ${formatSeconds(left)} left`,
    waiting && waiting.until > now
      ? `waiting ${formatSeconds((waiting.until - now) / 1000)}: ${sanitise(waiting.reason, 60)}`
      : undefined,
  ]);
}

function join(label: string, parts: (string | undefined)[]): string {
  return `${label}  ${parts.filter((part) => part !== undefined).join(' · ')}`;
}
