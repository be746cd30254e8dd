import os from 'node:os';
import path from 'node:path';

/** `--state-dir`, else `$XDG_STATE_HOME/respan-import`, else `~/.local/state/respan-import`. */
export function findStateFolder(
  flags: { stateDir?: string },
  environment: Readonly<Record<string, string | undefined>>,
): string {
  if (flags.stateDir !== undefined) return path.resolve(flags.stateDir);
  const home = environment['XDG_STATE_HOME'];
  // The XDG base directory specification ignores relative paths.
  const base =
    home !== undefined && path.isAbsolute(home) ? home : path.join(os.homedir(), '.local', 'state');
  return path.join(base, 'respan-import');
}
