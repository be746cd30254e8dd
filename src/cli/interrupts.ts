/** How long requests in flight may take to end after the first interrupt. */
export const drainMilliseconds = 10_000;

/**
 * Signals that come this soon after the first are the same interrupt: `timeout` signals its child and then the group
 * that the child is in, and so do some terminals and CI runners.
 */
const oneInterruptMilliseconds = 100;

type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

interface SignalSource {
  on(signal: Signal, listener: (signal: Signal) => void): unknown;
  removeListener(signal: Signal, listener: (signal: Signal) => void): unknown;
}

export interface Interrupts {
  /** Aborts at the first SIGINT, SIGTERM or SIGHUP. */
  interrupt: AbortSignal;
  /** Aborts when the drain time is over. */
  abort: AbortSignal;
  release(): void;
}

/**
 * The first signal lets what is in flight end; a second one calls `onSecond`. A hangup is never the second: it tells
 * that the terminal is gone, not that somebody is impatient, and often comes more than once.
 */
export function watchInterrupts(process: SignalSource, onSecond: () => void): Interrupts {
  const interrupt = new AbortController();
  const abort = new AbortController();
  let first = 0;
  let timer: NodeJS.Timeout | undefined;
  const listener = (signal: Signal): void => {
    const now = performance.now();
    if (interrupt.signal.aborted) {
      if (signal === 'SIGHUP' || now - first < oneInterruptMilliseconds) return;
      abort.abort();
      onSecond();
      return;
    }
    first = now;
    interrupt.abort();
    timer = setTimeout(() => abort.abort(), drainMilliseconds);
    timer.unref();
  };
  const signals: readonly Signal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, listener);
  return {
    interrupt: interrupt.signal,
    abort: abort.signal,
    release() {
      clearTimeout(timer);
      for (const signal of signals) process.removeListener(signal, listener);
    },
  };
}
