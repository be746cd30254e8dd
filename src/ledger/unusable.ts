import { ExitCode, ImportError } from '../errors.js';

/** What the system refuses as an error that says what to do; foreseen errors and bugs stay what they are. */
export function ledgerError(folder: string, cause: unknown): Error {
  if (!(cause instanceof Error)) return new Error(String(cause));
  if (cause instanceof ImportError || !('code' in cause)) return cause;
  return new ImportError(`the ledger in ${folder} cannot be used (${String(cause.code)})`, {
    code: 'ledger_unusable',
    exitCode: ExitCode.stopped,
    hint: 'free some space or permit writing there, or choose another folder with --state-dir; then run again',
    cause,
  });
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
