import { csvParse, postFloor, readFloor, straightforwardScript, streamArray } from './contestants/floors.js';
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

/** @returns {Case[]} */
export function speedCases() {
  return [native(), small(), mapped(), csv(), document('array'), document('wrapper'), otlp(), besidePeers()];
}

/** @returns {Case} */
function native() {
  const planning = dryRun(readFloor.name);
  const importing = fullImport(postFloor.name);
  const script = straightforwardScript('native');
  const planningInTwo = dryRun(readFloor.name, 2);
  const importingInTwo = fullImport(postFloor.name, 2);
  return {
    name: 'native',
    title: 'rows in the target’s shape',
    kind: kinds.native,
    bytes: 500 * megabyte,
    contestants: [
      readFloor,
      planning,
      ...inTwo(planningInTwo),
      postFloor,
      importing,
      ...inTwo(importingInTwo),
      { ...script, beside: postFloor.name },
    ],
    goals: [
      { subject: planning.name, beside: readFloor.name, atLeast: 0.85 },
      { subject: importing.name, beside: postFloor.name, atLeast: 0.8 },
      { subject: importing.name, beside: script.name, atLeast: 2 },
      { subject: planningInTwo.name, beside: planning.name, atLeast: 1.5 },
      { subject: importingInTwo.name, beside: postFloor.name, atLeast: 1.2 },
    ],
  };
}

/** @returns {Case} */
function small() {
  const planning = dryRun(readFloor.name);
  const importing = fullImport(postFloor.name);
  return {
    name: 'small',
    title: 'rows of 250 bytes',
    kind: kinds.small,
    bytes: 200 * megabyte,
    contestants: [
      readFloor,
      planning,
      ...inTwo(dryRun(readFloor.name, 2)),
      postFloor,
      importing,
      ...inTwo(fullImport(postFloor.name, 2)),
    ],
    goals: [
      { subject: planning.name, beside: readFloor.name, atLeast: 0.6 },
      { subject: importing.name, beside: postFloor.name, atLeast: 0.6 },
    ],
  };
}

/** @returns {Case} */
function mapped() {
  const script = straightforwardScript('flat');
  const importing = fullImport(script.name);
  return {
    name: 'mapped',
    title: 'JSONL that needs mapping',
    kind: kinds.flat,
    bytes: 200 * megabyte,
    contestants: [
      readFloor,
      dryRun(readFloor.name),
      ...inTwo(dryRun(readFloor.name, 2)),
      script,
      importing,
      ...inTwo(fullImport(script.name, 2)),
    ],
    goals: [{ subject: importing.name, beside: script.name, atLeast: 1.1 }],
  };
}

/** @returns {Case} */
function csv() {
  const importing = fullImport(csvParse.name);
  return {
    name: 'csv',
    title: 'CSV of the same rows',
    kind: kinds.csv,
    bytes: 200 * megabyte,
    contestants: [csvParse, dryRun(csvParse.name), importing],
    goals: [{ subject: importing.name, beside: csvParse.name, atLeast: 0.85 }],
  };
}

/**
 * @param {'array' | 'wrapper'} shape
 * @returns {Case}
 */
function document(shape) {
  const floor = streamArray(shape);
  const importing = fullImport(floor.name);
  return {
    name: shape,
    title: shape === 'array' ? 'JSON array' : 'wrapper document',
    kind: kinds[shape],
    bytes: 300 * megabyte,
    contestants: [floor, dryRun(floor.name), importing],
    goals: [{ subject: importing.name, beside: floor.name, atLeast: 0.9 }],
  };
}

/** @returns {Case} */
function otlp() {
  return {
    name: 'otlp',
    title: 'OTLP JSON, 100 spans a line',
    kind: kinds.otlp,
    bytes: 200 * megabyte,
    contestants: [
      readFloor,
      dryRun(readFloor.name),
      ...inTwo(dryRun(readFloor.name, 2)),
      fullImport(readFloor.name),
      ...inTwo(fullImport(readFloor.name, 2)),
    ],
    goals: [],
  };
}

/** @returns {Case} */
function besidePeers() {
  const importing = fullImport();
  const importingInTwo = fullImport(importing.name, 2);
  return {
    name: 'peers',
    title: 'beside others',
    kind: kinds.native,
    bytes: 100 * megabyte,
    contestants: [
      importing,
      ...inTwo(importingInTwo),
      ...peers.map(({ contestant }) => ({ ...contestant, beside: importing.name })),
    ],
    goals: peers.flatMap(({ contestant, atLeast, workers }) =>
      atLeast === undefined
        ? []
        : [
            {
              subject: workers === 2 ? importingInTwo.name : importing.name,
              beside: contestant.name,
              atLeast,
            },
          ],
    ),
  };
}

/** @param {Contestant} contestant */
function inTwo(contestant) {
  return knowsJobs() ? [contestant] : [];
}
