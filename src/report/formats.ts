import type { Recogniser } from '../sources/source.js';
import type { Paint } from './terminal.js';

/** A line for each source: its name, how it was checked, what it is, and what tells it. */
export function renderFormats(sources: readonly Recogniser[], paint: Paint): string {
  const width = Math.max(...sources.map(({ name }) => name.length));
  const lines = sources.flatMap(({ name, title, checked, recognisedBy }) => [
    `${paint.strong(name.padEnd(width))}  ${checked.padEnd(8)}  ${title}`,
    `${' '.repeat(width)}            ${paint.faint(recognisedBy)}`,
  ]);
  return [
    ...lines,
    '',
    'verified: run on a real export. schema: built from the description of the format alone.',
    'The first source that fits at least 80 % of the first 20 rows of a file is taken; --source chooses another.',
    '',
  ].join('\n');
}
