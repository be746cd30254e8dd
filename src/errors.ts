/** Process exit codes. They are part of the contract with CI jobs: a code never changes its meaning. */
export const ExitCode = {
  ok: 0,
  /** Finished, but something was rejected, refused or failed. */
  incomplete: 1,
  /** Usage, configuration, credentials' form or unreadable input: found before a row was read. */
  usage: 2,
  /** Stopped by a limit: too many errors, or an input that changed under the run. */
  stopped: 3,
  /** The server refused the credentials. */
  credentials: 4,
  /** The destination cannot be used now; the same command resumes. */
  destination: 5,
  bug: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

interface ImportErrorDetails {
  code: string;
  exitCode: ExitCode;
  hint?: string | undefined;
  cause?: unknown;
}

/**
 * An error that the program foresees: one line that says what is wrong, and a hint that says what to do.
 * Everything else that is thrown is a bug and keeps its stack.
 */
export class ImportError extends Error {
  override readonly name = 'ImportError';
  /** Stable and machine-readable, e.g. `input_unreadable`. Tests and scripts rely on it, not on the message. */
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;

  constructor(message: string, details: ImportErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.exitCode = details.exitCode;
    this.hint = details.hint;
  }
}

/** A wrong flag, setting or input that is found before a row is read (exit code 2). */
export function usageError(code: string, message: string, hint?: string, cause?: unknown): ImportError {
  return new ImportError(message, { code, exitCode: ExitCode.usage, hint, cause });
}
