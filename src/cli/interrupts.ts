/** How long requests in flight may take to end after the first interrupt. */
export const drainMilliseconds = 10_000;

interface SignalSource {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  removeListener(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

export interface Interrupts {
  /** Aborts at the first SIGINT or SIGTERM. */
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
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
  return {
    interrupt: interrupt.signal,
    abort: abort.signal,
    release() {
      clearTimeout(timer);
      process.removeListener('SIGINT', listener);
      process.removeListener('SIGTERM', listener);
    },
  };
}
