import { readFileSync } from 'node:fs';

import { CommanderError } from 'commander';

import { ExitCode, ImportError } from '../errors.js';
import type { Output } from '../report/terminal.js';
import { Secrets } from '../secrets.js';
import type { Interrupts } from './interrupts.js';
import { createProgram, seedless } from './program.js';
import { usageMessage } from './usage-message.js';

/** Runs the command line of a process: the only place that sets an exit code or exits. */
export async function main(process: NodeJS.Process): Promise<void> {
  const { argv, env } = process;
  let code: ExitCode = ExitCode.ok;
  let resultLost = false;
  const setExitCode = (): void => {
    process.exitCode = resultLost && code === ExitCode.ok ? ExitCode.incomplete : code;
  };
  // A reader that went away (`--help | head`) has what it wanted; a disk that is full has not.
  process.stdout.on('error', (error) => {
    resultLost ||= !('code' in error && error.code === 'EPIPE');
    setExitCode();
  });
  process.stderr.on('error', () => {});
  const secrets = new Secrets();
  // What is thrown where nobody waits for it. Node's own way would show it raw, and exit with 1 as an import may.
  const crash = async (error: unknown): Promise<void> => {
    await explain(error, process, secrets);
    process.exit(ExitCode.bug);
  };
  process.on('uncaughtException', (error) => void crash(error));
  const run = async (
    command: (output: Output, interrupts: Interrupts) => Promise<ExitCode>,
  ): Promise<void> => {
    const { watchInterrupts } = await import('./interrupts.js');
    const interrupts = watchInterrupts(process, () => process.exit(ExitCode.interrupted));
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
    command.exitOverride().configureOutput({ outputError: (text, write) => write(usageMessage(text)) });
  }
  try {
    await program.parseAsync(seedless(argv));
  } catch (error) {
    code = await explain(error, process, secrets);
  }
  setExitCode();
}

async function openOutput({ argv, env, stdout, stderr }: NodeJS.Process): Promise<Output> {
  const { createOutput } = await import('../report/terminal.js');
  const colour = argv.includes('--no-color') ? 'never' : 'auto';
  return createOutput({ stdout, stderr, env, colour, ascii: argv.includes('--ascii') });
}

/** A foreseen error is one line and a hint; anything else is a bug and keeps its stack. */
async function explain(error: unknown, process: NodeJS.Process, secrets: Secrets): Promise<ExitCode> {
  // Commander has written its message already; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
  const output = await openOutput(process);
  if (error instanceof ImportError) {
    const { sanitise } = await import('../report/terminal.js');
    output.writeError(`${output.stderr.paint.bad('error')}  ${sanitise(error.message)} (${error.code})\n`);
    if (error.hint !== undefined) output.writeError(`       ${sanitise(error.hint)}\n`);
    return error.exitCode;
  }
  const { crashText } = await import('./crash.js');
  output.writeError(crashText(error, secrets));
  return ExitCode.bug;
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version }: { version: string } = JSON.parse(text);
  return version;
}
