import type { ImportEvent } from './events.js';
import { fitted, type LinePart } from './fitted-line.js';
import { checkParts, readParts, type Checking, type Reading } from './reading-progress.js';
import type { Output } from './terminal.js';
import { followUpload, startUpload, uploadParts, type Uploading } from './upload-progress.js';

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
/** Where nothing can be repainted: how often a line is looked for, when the first comes, and how far others are apart. */
const lookMilliseconds = 1000;
const firstLineMilliseconds = 3000;
const plainLineMilliseconds = 10_000;

/** One repainted line on a terminal that fits its width; elsewhere a plain line after 3 s and then every 10 s. */
export function createProgress(output: Output, ticker: Ticker = systemTicker): Progress {
  const started = ticker.now();
  let nextLine = started + firstLineMilliseconds;
  let reading: Reading | undefined;
  let checking: Checking | undefined;
  let uploading: Uploading | undefined;

  const parts = (): LinePart[] | undefined => {
    const now = ticker.now();
    if (uploading) return uploadParts(uploading, now);
    if (checking) return checkParts(checking);
    return reading && readParts(reading, (now - started) / 1000);
  };
  const repaint = (): void => {
    const line = parts();
    if (line !== undefined) output.status(fitted(line, output.ascii, output.stderr.width - 1));
  };
  const writeLine = (): void => {
    const line = ticker.now() < nextLine ? undefined : parts();
    if (line === undefined) return;
    nextLine = ticker.now() + plainLineMilliseconds;
    output.writeError(`${fitted(line, output.ascii, Number.POSITIVE_INFINITY)}\n`);
  };
  const stop = output.stderr.interactive
    ? ticker.every(repaintMilliseconds, repaint)
    : ticker.every(lookMilliseconds, writeLine);

  return {
    handle(event) {
      if (event.kind === 'rows-read') {
        const { rows, bytes, totalBytes } = event;
        reading = { rows, bytes, totalBytes };
      } else if (event.kind === 'spans-checked') {
        checking = event;
      } else if (event.kind === 'planned') {
        reading = undefined;
        checking = undefined;
        output.status('');
      } else if (event.kind === 'upload-started') {
        uploading = startUpload(event.spans, ticker.now());
      } else if (uploading) {
        followUpload(uploading, event, ticker.now());
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
