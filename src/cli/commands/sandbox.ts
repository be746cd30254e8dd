import { ExitCode } from '../../errors.js';
import type { Output } from '../../report/terminal.js';
import { startSandbox } from '../../sandbox/server.js';
import type { Interrupts } from '../interrupts.js';
import type { SandboxFlags } from '../flags.js';

/** Runs the sandbox until it is interrupted. */
export async function sandboxCommand(
  flags: SandboxFlags,
  interrupts: Interrupts,
  output: Output,
): Promise<ExitCode> {
  const sandbox = await startSandbox(flags);
  const key = flags.key === undefined ? 'any' : '…';
  output.write(
    [
      `sandbox listening on ${sandbox.url}`,
      `  import     RESPAN_API_KEY=${key} respan-import --base-url ${sandbox.url} FILE`,
      `  read back  curl ${sandbox.url}/traces`,
      `  Adaline    ADALINE_API_KEY=${key} respan-import --target adaline --project-id ID --base-url ${sandbox.url} FILE`,
      `  read back  curl -H 'Authorization: Bearer ${key}' '${sandbox.url}/v2/logs?projectId=ID'`,
      'It keeps what it is sent in memory until it is stopped with Ctrl-C.',
      '',
    ].join('\n'),
  );
  await aborted(interrupts.interrupt);
  await sandbox.close();
  return ExitCode.ok;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
