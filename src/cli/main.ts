import { ExitCode, ImportError } from '../errors.js';
import { Secrets } from '../secrets.js';
import { constantAnswer } from './constant-answers.js';
import { openOutput } from './open-output.js';

/** Runs the command line of a process: the only place that sets an exit code or exits. */
export async function main(process: NodeJS.Process): Promise<void> {
  // What stands if Node runs out of work before the end is reached.
  let code: ExitCode = ExitCode.bug;
  process.exitCode = code;
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
    try {
      await explain(error, process, secrets);
    } finally {
      process.exit(ExitCode.bug);
    }
  };
  process.on('uncaughtException', (error) => void crash(error));
  try {
    const answer = constantAnswer(process.argv.slice(2));
    if (answer === undefined) {
      const { runCommandLine } = await import('./command-line.js');
      code = await runCommandLine(process, secrets, () => process.exit(ExitCode.interrupted));
    } else {
      process.stdout.write(answer);
      code = ExitCode.ok;
    }
  } catch (error) {
    code = await explain(error, process, secrets);
  }
  setExitCode();
}

/** A foreseen error is one line and a hint; anything else is a bug and keeps its stack. */
async function explain(error: unknown, process: NodeJS.Process, secrets: Secrets): Promise<ExitCode> {
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
