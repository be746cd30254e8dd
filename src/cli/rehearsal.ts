import { rmSync } from 'node:fs';

import type { ExitCode } from '../errors.js';
import type { Surroundings } from './import-options.js';

/** A server for this run alone, and a ledger that ends with it: the next sandbox starts empty. */
export async function withSandbox(
  from: Surroundings,
  action: (sandboxed: Surroundings, stateFolder: string) => Promise<ExitCode>,
): Promise<ExitCode> {
  const [{ startSandbox }, { createSandboxFolder }] = await Promise.all([
    import('../sandbox/server.js'),
    import('./sandbox-folder.js'),
  ]);
  const sandbox = await startSandbox({ port: 0 });
  const stateFolder = createSandboxFolder();
  const remove = (): void => rmSync(stateFolder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    const env = sandboxEnvironment(sandbox.url, from.env);
    return await action({ ...from, env }, stateFolder);
  } finally {
    process.removeListener('exit', remove);
    remove();
    await sandbox.close();
  }
}

/** Names and addresses of every destination that the sandbox plays, and nothing of the user's but the project. */
function sandboxEnvironment(url: string, { ADALINE_PROJECT_ID }: Surroundings['env']): Surroundings['env'] {
  return {
    RESPAN_API_KEY: 'sandbox',
    RESPAN_BASE_URL: url,
    ADALINE_API_KEY: 'sandbox',
    ADALINE_API_URL: url,
    ADALINE_PROJECT_ID: ADALINE_PROJECT_ID ?? 'sandbox-project-of-this-run',
  };
}
