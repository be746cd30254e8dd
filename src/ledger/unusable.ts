import { ExitCode, ImportError } from '../errors.js';

export function ledgerUnusable(folder: string, cause: unknown): ImportError {
  if (cause instanceof ImportError) return cause;
  const reason = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return new ImportError(`the ledger in ${folder} cannot be used${reason}`, {
    code: 'ledger_unusable',
    exitCode: ExitCode.stopped,
    hint: 'free some space or permit writing there, or choose another folder with --state-dir; then run again',
    cause,
  });
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
