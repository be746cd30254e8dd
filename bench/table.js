import { readFile, writeFile } from 'node:fs/promises';

/**
 * A Markdown table, padded as prettier pads it. Every column but the first is aligned to the right.
 *
 * @param {string[]} titles
 * @param {string[][]} lines
 */
export function table(titles, lines) {
  const widths = titles.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  /** @param {string[]} cells */
  const row = (cells) => {
    const padded = cells.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    return `| ${padded.join(' | ')} |`;
  };
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [row(titles), row(rule), ...lines.map(row)].join('\n');
}

/**
 * A number with its thousands apart.
 *
 * @param {number} value
 */
export function grouped(value) {
  return value.toLocaleString('en-US');
}

/**
 * Puts the results between the two marker comments of a section of BENCHMARKS.md and leaves the rest of it as it is.
 *
 * @param {string} section
 * @param {string} results
 */
export async function writeResults(section, results) {
  const page = new URL('../BENCHMARKS.md', import.meta.url);
  const begin = `<!-- ${section}:begin -->`;
  const end = `<!-- ${section}:end -->`;
  const text = await readFile(page, 'utf8');
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from === -1 || to < from) throw new Error(`BENCHMARKS.md lacks ${begin} and ${end}`);
  await writeFile(page, `${text.slice(0, from + begin.length)}\n\n${results}\n\n${text.slice(to)}`);
}
