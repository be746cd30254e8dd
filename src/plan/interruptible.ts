import { setImmediate } from 'node:timers/promises';

import { ExitCode, ImportError } from '../errors.js';

/** Waits for a step of the plan, or for the interrupt: a pipe that says nothing must not keep a run alive. */
export async function unlessInterrupted<Result>(
  step: Promise<Result>,
  interrupt: AbortSignal,
): Promise<Result> {
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(interrupted());
    if (interrupt.aborted) onAbort();
    else interrupt.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([step, aborted]);
  } finally {
    if (onAbort !== undefined) interrupt.removeEventListener('abort', onAbort);
  }
}

/** The same items, until the interrupt. The source is left as it stands then: it may be waiting for ever. */
export async function* itemsUnlessInterrupted<Item>(
  items: AsyncIterable<Item>,
  interrupt: AbortSignal,
): AsyncGenerator<Item> {
  const iterator = items[Symbol.asyncIterator]();
  let waiting = false;
  try {
    for (;;) {
      waiting = true;
      const next = await unlessInterrupted(iterator.next(), interrupt);
      waiting = false;
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    if (!waiting) await iterator.return?.();
  }
}

/** Steps of a loop between two looks at the interrupt. */
const uninterrupted = 4096;

/**
 * To be awaited at every step of a long loop: gives way to other work from time to time, and throws when interrupted.
 * A step that takes as long as several counts as so many.
 */
export function pauses(interrupt: AbortSignal): (steps?: number) => Promise<void> {
  let left = uninterrupted;
  return async (steps = 1) => {
    left -= steps;
    if (left <= 0) {
      left = uninterrupted;
      await setImmediate();
    }
    if (interrupt.aborted) throw interrupted();
  };
}

export function interrupted(): ImportError {
  return new ImportError('interrupted while the input was read: nothing was sent', {
    code: 'interrupted',
    exitCode: ExitCode.interrupted,
    hint: 'run the same command again',
  });
}
