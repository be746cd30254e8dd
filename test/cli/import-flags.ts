import type { ImportFlags } from '../../src/cli/flags.js';
import type { Surroundings } from '../../src/cli/import-options.js';
import { createProgram } from '../../src/cli/program.js';
import { Secrets } from '../../src/secrets.js';
import { unusedActions } from '../support/unused-actions.js';

/** What the command line makes of the flags of an import. */
export async function importFlags(...args: string[]): Promise<ImportFlags> {
  let given: ImportFlags | undefined;
  const program = createProgram('1.2.3', {
    ...unusedActions,
    import: async (_files, flags) => void (given = flags),
  });
  await program.parseAsync(['logs.jsonl', ...args], { from: 'user' });
  return given!;
}

/** A process with this environment and nothing else that is its own. */
export function surroundings(env: Record<string, string> = {}): Surroundings {
  const { signal } = new AbortController();
  return {
    env,
    stdin: () => process.stdin,
    interrupts: { interrupt: signal, abort: signal, release: () => {} },
    args: [],
    secrets: new Secrets(),
  };
}
