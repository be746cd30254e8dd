import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { drainMilliseconds, watchInterrupts } from '../../src/cli/interrupts.js';

function watch() {
  const signals = new EventEmitter();
  const onSecond = vi.fn<() => void>();
  const interrupts = watchInterrupts(signals, onSecond);
  const state = () => [interrupts.interrupt.aborted, interrupts.abort.aborted];
  return { signals, onSecond, interrupts, state };
}

describe('interrupts', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s lets what is in flight end', (signal) => {
    const { signals, onSecond, state } = watch();
    expect(state()).toEqual([false, false]);
    signals.emit(signal);
    expect(state()).toEqual([true, false]);
    expect(onSecond).not.toHaveBeenCalled();
  });

  it('cut what is in flight when the drain time is over', () => {
    const { signals, onSecond, state } = watch();
    signals.emit('SIGINT');
    vi.advanceTimersByTime(drainMilliseconds - 1);
    expect(state()).toEqual([true, false]);
    vi.advanceTimersByTime(1);
    expect(state()).toEqual([true, true]);
    expect(onSecond).not.toHaveBeenCalled();
  });

  it('cut what is in flight at the second signal, of either kind', () => {
    const { signals, onSecond, state } = watch();
    signals.emit('SIGINT');
    signals.emit('SIGTERM');
    expect(state()).toEqual([true, true]);
    expect(onSecond).toHaveBeenCalledOnce();
  });

  it('are left to the system again after the run', () => {
    const { signals, interrupts, state } = watch();
    signals.emit('SIGINT');
    interrupts.release();
    expect(signals.listenerCount('SIGINT') + signals.listenerCount('SIGTERM')).toBe(0);
    vi.advanceTimersByTime(drainMilliseconds);
    expect(state()).toEqual([true, false]);
  });
});
