import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import { logTypeFromKind, logTypeOfChild } from './engine.js';

/** @typedef {import('./known-trace.js').KnownFile} KnownFile */
/** @typedef {import('./known-trace.js').KnownTrace} KnownTrace */

/**
 * @typedef {object} Row
 * @property {string} id
 * @property {string} parent Empty for a root.
 * @property {import('./known-trace.js').KnownSpan} span
 */

const columns = ['trace', 'row', 'span', 'parent', 'kind', 'name', 'start', 'end'];

/** Stands for a parent that the export does not hold. */
const missing = 'missing';

/**
 * All `.tsv` files of a folder: one span a line, in the columns `trace row span parent kind name start end`, times in
 * microseconds, the kind in the exporter's own word, the parent empty for a root and `missing` where it is not in the
 * file. Lines that begin with `#` are comments.
 *
 * @param {string} folder
 * @returns {Promise<KnownFile[]>}
 */
export async function knownSkeletons(folder) {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.tsv')).toSorted();
  return Promise.all(
    names.map(async (name) => ({
      name,
      source: path.basename(name, '.tsv'),
      group: /** @type {const} */ ('folder'),
      traces: readSkeleton(await readFile(path.join(folder, name), 'utf8'), name),
    })),
  );
}

/**
 * @param {string} text
 * @param {string} name Of the file, for errors.
 * @returns {KnownTrace[]}
 */
export function readSkeleton(text, name) {
  const [titles, ...lines] = text.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'));
  if (titles !== columns.join('\t')) throw new Error(`${name}: the columns are not ${columns.join(' ')}`);
  /** @type {Map<string, Row[]>} */
  const traces = new Map();
  for (const line of lines) {
    const [trace = '', , id = '', parent = '', kind = '', spanName = '', start = '', end = ''] =
      line.split('\t');
    const rows = traces.get(trace) ?? [];
    traces.set(trace, rows);
    rows.push({
      id,
      parent,
      span: {
        name: spanName,
        type: logTypeFromKind(kind) ?? logTypeOfChild,
        parent: undefined,
        scored: parent !== missing,
        start: microseconds(start),
        end: microseconds(end),
      },
    });
  }
  return [...traces.values()].map((rows) => withParents(rows, name));
}

/**
 * @param {Row[]} rows
 * @param {string} name
 * @returns {KnownTrace}
 */
function withParents(rows, name) {
  const positions = new Map(rows.map(({ id }, position) => [id, position]));
  return rows.map(({ id, parent, span }) => {
    if (parent === '' || parent === missing) return span;
    const position = positions.get(parent);
    if (position === undefined) throw new Error(`${name}: the parent ${parent} of ${id} is not in the file`);
    return { ...span, parent: position };
  });
}

/** As an import keeps them: without fractions of a microsecond. @param {string} text */
function microseconds(text) {
  return text === '' ? Number.NaN : Math.floor(Number(text));
}
