import { readFileSync } from 'node:fs';

import { CommanderError } from 'commander';

import { ExitCode, ImportError } from '../errors.js';
import { createOutput, sanitise, type Output } from '../report/terminal.js';
import { watchInterrupts, type Interrupts } from './interrupts.js';
import { createProgram, type ImportFlags } from './program.js';

/** Runs the command line of a process: the only place that sets an exit code or exits. */
export async function main(process: NodeJS.Process): Promise<void> {
  const { argv, env } = process;
  const output = createOutput({
    stdout: process.stdout,
    stderr: process.stderr,
    env,
    colour: argv.includes('--no-color') ? 'never' : 'auto',
    ascii: argv.includes('--ascii'),
  });
  let code: ExitCode = ExitCode.ok;
  const run = async (command: (interrupts: Interrupts) => Promise<ExitCode>): Promise<void> => {
    const interrupts = watchInterrupts(
      process,
      () => {},
      () => process.exit(ExitCode.interrupted),
    );
    try {
      code = await command(interrupts);
    } finally {
      interrupts.release();
    }
  };
  const program = createProgram(packageVersion(), {
    // Loaded on demand: `--help` must not pay for what it does not use.
    import: (files, flags: ImportFlags) =>
      run(async (interrupts) => {
        const { importCommand } = await import('./commands/import.js');
        return importCommand(files, flags, { env, stdin: () => process.stdin, interrupts }, output);
      }),
    sandbox: (flags) =>
      run(async (interrupts) => {
        const { sandboxCommand } = await import('./commands/sandbox.js');
        return sandboxCommand(flags, interrupts, output);
      }),
  });
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => output.write(text),
      writeErr: (text) => output.writeError(text),
    });
  }
  try {
    await program.parseAsync(argv);
  } catch (error) {
    code = explain(error, output);
  }
  process.exitCode = code;
}

/** A foreseen error is one line and a hint; anything else is a bug and keeps its stack. */
function explain(error: unknown, output: Output): ExitCode {
  // Commander has written its message already; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
  if (error instanceof ImportError) {
    const { paint } = output.stderr;
    output.writeError(`${paint.bad('error')}  ${sanitise(error.message)} (${error.code})\n`);
    if (error.hint !== undefined) output.writeError(`       ${sanitise(error.hint)}\n`);
    return error.exitCode;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  output.writeError(`This is a bug in respan-import; please report it with these lines.\n${stack}\n`);
  return ExitCode.bug;
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version }: { version: string } = JSON.parse(text);
  return version;
}
