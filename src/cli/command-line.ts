import { CommanderError } from 'commander';

import { ExitCode } from '../errors.js';
import type { Output } from '../report/terminal.js';
import type { Secrets } from '../secrets.js';
import { helpWidth, packageVersion } from './constant-answers.js';
import type { Interrupts } from './interrupts.js';
import { openOutput } from './open-output.js';
import { createProgram, seedless } from './program.js';
import { usageMessage } from './usage-message.js';

/**
 * Runs the command that the arguments of the process name, and gives its exit code. `stop` ends the process at the second
 * interrupt.
 */
export async function runCommandLine(
  process: NodeJS.Process,
  secrets: Secrets,
  stop: () => void,
): Promise<ExitCode> {
  const { argv, env } = process;
  let code: ExitCode = ExitCode.ok;
  const run = async (
    command: (output: Output, interrupts: Interrupts) => Promise<ExitCode>,
  ): Promise<void> => {
    const { watchInterrupts } = await import('./interrupts.js');
    const interrupts = watchInterrupts(process, stop);
    try {
      code = await command(await openOutput(process), interrupts);
    } finally {
      // A pipe that is still open must not keep the process alive.
      if (interrupts.interrupt.aborted) process.stdin.destroy();
      // Of an interrupted run, signals are heard to the end: one more must not take its exit code away.
      else interrupts.release();
    }
  };
  const surroundings = { env, stdin: () => process.stdin, args: argv.slice(2), secrets };
  // The commands are loaded on demand: `--help` must not pay for what it does not use.
  const program = createProgram(packageVersion(), {
    import: (files, flags) =>
      run(async (output, interrupts) => {
        const { importCommand } = await import('./commands/import.js');
        return importCommand(files, flags, { ...surroundings, interrupts }, output);
      }),
    explain: (file, flags) =>
      run(async (output, interrupts) => {
        const { explainCommand } = await import('./commands/explain.js');
        return explainCommand(file, flags, { ...surroundings, interrupts }, output);
      }),
    tree: (files, flags) =>
      run(async (output, interrupts) => {
        const { treeCommand } = await import('./commands/tree.js');
        return treeCommand(files, flags, { ...surroundings, interrupts }, output);
      }),
    formats: (flags) =>
      run(async (output) => {
        const { formatsCommand } = await import('./commands/formats.js');
        return formatsCommand(flags, output);
      }),
    status: (flags) =>
      run(async (output, interrupts) => {
        const { statusCommand } = await import('./commands/status.js');
        return statusCommand(flags, { env, interrupts }, output);
      }),
    forget: (flags) =>
      run(async (output, interrupts) => {
        const { forgetCommand } = await import('./commands/forget.js');
        return forgetCommand(flags, { env, interrupts }, output);
      }),
    sandbox: (flags) =>
      run(async (output, interrupts) => {
        const { sandboxCommand } = await import('./commands/sandbox.js');
        return sandboxCommand(flags, interrupts, output);
      }),
  });
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      getOutHelpWidth: () => helpWidth,
      getErrHelpWidth: () => helpWidth,
      outputError: (text, write) => write(usageMessage(text)),
    });
  }
  try {
    await program.parseAsync(seedless(argv));
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander has written its message already; help and version are no errors.
    return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
  }
  return code;
}
