import { readFileSync } from 'node:fs';

export const versionFlags = '-V, --version';
export const helpFlags = '-h, --help';

/** Columns of the help, in all terminals: so the build can render it. */
export const helpWidth = 80;

/**
 * What `--version` and `--help` tell where nothing else is asked, without the command line that tells them otherwise:
 * it takes half as long to load as Node. Undefined for all other arguments.
 */
export function constantAnswer(args: readonly string[]): string | undefined {
  if (isAlone(versionFlags, args)) return `${packageVersion()}\n`;
  // Written by the build beside the bundled program, as the command line writes it.
  if (isAlone(helpFlags, args)) return readFileSync(new URL('help.txt', import.meta.url), 'utf8');
  return undefined;
}

export function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version }: { version: string } = JSON.parse(text);
  return version;
}

function isAlone(flags: string, args: readonly string[]): boolean {
  return args.length === 1 && flags.split(', ').some((flag) => flag === args[0]);
}
