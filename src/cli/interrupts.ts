/** How long requests in flight may take to end after the first interrupt. */
export const drainMilliseconds = 10_000;

/** A terminal that is closed sends the last of them. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

type Signal = (typeof signals)[number];

interface SignalSource {
  on(signal: Signal, listener: () => void): unknown;
  removeListener(signal: Signal, listener: () => void): unknown;
}

export interface Interrupts {
  /** Aborts at the first SIGINT, SIGTERM or SIGHUP. */
  interrupt: AbortSignal;
  /** Aborts when the drain time is over. */
  abort: AbortSignal;
  release(): void;
}

/** The first signal lets what is in flight end; a second one calls `onSecond`. */
export function watchInterrupts(process: SignalSource, onSecond: () => void): Interrupts {
  const interrupt = new AbortController();
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const listener = (): void => {
    if (interrupt.signal.aborted) {
      abort.abort();
      onSecond();
      return;
    }
    interrupt.abort();
    timer = setTimeout(() => abort.abort(), drainMilliseconds);
    timer.unref();
  };
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
