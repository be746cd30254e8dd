import { ImportError } from '../../src/errors.js';

/** The foreseen error that an action throws. */
export function importErrorOf(action: () => unknown): ImportError {
  try {
    action();
  } catch (error) {
    if (error instanceof ImportError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
