import type { RunCommand } from '../../ledger/record.js';
import { sanitise } from '../terminal.js';

/** A line for a POSIX shell that starts the run again where it was started. */
export function resumeCommand({ args, folder }: RunCommand): string {
  const command = `cd ${quoted(folder)} && respan-import ${args.map(quoted).join(' ')}`;
  return args.includes('-') ? `${command}   # with the same standard input` : command;
}

/** What a shell would take for more than letters is quoted; what a terminal would obey is written as its number. */
function quoted(argument: string): string {
  if (/^[\w@%+=:,./-]+$/.test(argument)) return argument;
  if (sanitise(argument) === argument) return `'${argument.replaceAll("'", "'\\''")}'`;
  const characters = Array.from(argument, (character) => {
    if (sanitise(character) !== character)
      return `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`;
    return character === "'" || character === '\\' ? `\\${character}` : character;
  });
  return `$'${characters.join('')}'`;
}
