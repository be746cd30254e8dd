import { ExitCode, ImportError } from '../errors.js';

/** Writes to the rejects. Throws `rejects_unwritable` where the system refuses; a bug passes. */
export function attemptRejects(directory: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause && 'code' in cause)) throw cause;
    throw new ImportError(`cannot write the rejects to ${directory} (${String(cause.code)})`, {
      code: 'rejects_unwritable',
      exitCode: ExitCode.stopped,
      hint: 'free space there, or choose another folder with --rejects DIR',
      cause,
    });
  }
}
