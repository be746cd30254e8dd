import type { Actions } from '../../src/cli/program.js';

const nothing = (): Promise<void> => Promise.resolve();

/** For a command line that is looked at and not run. */
export const unusedActions: Actions = {
  import: nothing,
  explain: nothing,
  tree: nothing,
  formats: nothing,
  sandbox: nothing,
  status: nothing,
  forget: nothing,
};
