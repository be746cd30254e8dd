import {
  csvParse,
  packedFloor,
  postFloor,
  readFloor,
  straightforwardScript,
  streamArray,
} from './contestants/floors.js';
import { peers } from './contestants/peers.js';
import { dryRun, fullImport, knowsJobs } from './contestants/program.js';
import { kinds } from './data/kinds.js';

/**
 * @typedef {import('./contestants/contestant.js').Contestant} Contestant
 *
 * @typedef {object} Case
 * @property {string} name For `--only`.
 * @property {string} title
 * @property {import('./data/kinds.js').Kind} kind
 * @property {number} bytes
 * @property {Contestant[]} contestants
 * @property {import('./goals.js').Goal[]} goals
 */

const megabyte = 1e6;
const planning = dryRun().name;
const planningInTwo = dryRun(undefined, 2).name;
const importing = fullImport().name;
const importingInTwo = fullImport(undefined, 2).name;
const nativeScript = straightforwardScript('native');
const flatScript = straightforwardScript('flat');

/** @returns {Case[]} */
export function speedCases() {
  return [
    {
      name: 'native',
      title: 'rows in the target’s shape',
      kind: kinds.native,
      bytes: 500 * megabyte,
      contestants: [
        readFloor,
        { ...readFloor, name: 'floor 1, once more', beside: readFloor.name },
        ...oneAndTwo(dryRun, readFloor.name),
        postFloor,
        ...oneAndTwo(fullImport, postFloor.name),
        { ...nativeScript, beside: postFloor.name },
      ],
      goals: [
        { subject: planning, beside: readFloor.name, atLeast: 0.85 },
        { subject: importing, beside: postFloor.name, atLeast: 0.8 },
        { subject: importing, beside: nativeScript.name, atLeast: 2 },
        { subject: planningInTwo, beside: planning, atLeast: 1.5 },
        { subject: importingInTwo, beside: postFloor.name, atLeast: 1.2 },
      ],
    },
    {
      name: 'small',
      title: 'rows of 250 bytes',
      kind: kinds.small,
      bytes: 200 * megabyte,
      contestants: [
        readFloor,
        ...oneAndTwo(dryRun, readFloor.name),
        postFloor,
        ...oneAndTwo(fullImport, postFloor.name),
      ],
      goals: [
        { subject: planning, beside: readFloor.name, atLeast: 0.6 },
        { subject: importing, beside: postFloor.name, atLeast: 0.6 },
      ],
    },
    {
      name: 'mapped',
      title: 'JSONL that needs mapping',
      kind: kinds.flat,
      bytes: 200 * megabyte,
      contestants: [
        readFloor,
        ...oneAndTwo(dryRun, readFloor.name),
        flatScript,
        ...oneAndTwo(fullImport, flatScript.name),
      ],
      goals: [{ subject: importing, beside: flatScript.name, atLeast: 1.1 }],
    },
    besideParser('csv', 'CSV of the same rows', 200 * megabyte, csvParse, 0.85),
    besideParser('array', 'JSON array', 300 * megabyte, streamArray('array'), 0.9),
    besideParser('wrapper', 'wrapper document', 300 * megabyte, streamArray('wrapper'), 0.9),
    {
      name: 'packed',
      title: 'rows in the target’s shape, packed with gzip',
      kind: kinds.packed,
      bytes: 200 * megabyte,
      contestants: [packedFloor, dryRun(packedFloor.name), fullImport(packedFloor.name)],
      goals: [],
    },
    {
      name: 'otlp',
      title: 'OTLP JSON, 100 spans a line',
      kind: kinds.otlp,
      bytes: 200 * megabyte,
      contestants: [
        readFloor,
        ...oneAndTwo(dryRun, readFloor.name),
        ...oneAndTwo(fullImport, readFloor.name),
      ],
      goals: [],
    },
    {
      name: 'peers',
      title: 'beside others',
      kind: kinds.native,
      bytes: 100 * megabyte,
      contestants: [
        ...oneAndTwo(fullImport, undefined),
        { ...postFloor, beside: importing },
        ...peers.map(({ contestant }) => ({ ...contestant, beside: importing })),
      ],
      goals: peers.flatMap(({ contestant, atLeast, inTwo = false }) => {
        if (atLeast === undefined) return [];
        const subjects = inTwo ? [importingInTwo] : [importing, importingInTwo];
        return subjects.map((subject) => ({ subject, beside: contestant.name, atLeast }));
      }),
    },
  ];
}

/**
 * @param {'csv' | 'array' | 'wrapper'} name
 * @param {string} title
 * @param {number} bytes
 * @param {Contestant} parser It alone, with nothing done with the rows.
 * @param {number} atLeast
 * @returns {Case}
 */
function besideParser(name, title, bytes, parser, atLeast) {
  return {
    name,
    title,
    kind: kinds[name],
    bytes,
    contestants: [parser, dryRun(parser.name), fullImport(parser.name)],
    goals: [{ subject: importing, beside: parser.name, atLeast }],
  };
}

/**
 * With one thread and, where the program can, with two plan workers.
 *
 * @param {(beside?: string, workers?: 1 | 2) => Contestant} make
 * @param {string | undefined} beside
 */
function oneAndTwo(make, beside) {
  return [make(beside), ...(knowsJobs() ? [make(beside, 2)] : [])];
}
