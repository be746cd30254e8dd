import { baselines } from './baselines.js';
import { generatedFiles } from './families.js';
import { knownSamples } from './samples.js';
import { score, sum } from './score.js';
import { knownSkeletons } from './skeletons.js';

/** @typedef {import('./known-trace.js').Answer} Answer */
/** @typedef {import('./known-trace.js').Group} Group */
/** @typedef {import('./known-trace.js').Inference} Inference */
/** @typedef {import('./known-trace.js').KnownFile} KnownFile */
/** @typedef {import('./known-trace.js').KnownTrace} KnownTrace */
/** @typedef {import('./score.js').Score} Score */

/** @typedef {readonly KnownFile[]} Subject Files of one name, which are told together. */

/**
 * @typedef {object} Measured
 * @property {string} name
 * @property {string} source
 * @property {Group} group
 * @property {Score} score
 * @property {Score[]} baselines In the order of `baselines`.
 */

const samples = new URL('../../../shared/samples', import.meta.url).pathname;
const tracesOfFamily = 20;
const seed = 1;

/**
 * Everything whose parents are known and that has an edge at all.
 *
 * @param {string | undefined} folder Of further skeletons.
 * @returns {Promise<Subject[]>}
 */
export async function subjects(folder) {
  const files = [
    ...(await knownSamples(samples)),
    ...(folder === undefined ? [] : await knownSkeletons(folder)),
  ];
  return [...files.filter(hasEdges).map((file) => [file]), ...generatedFiles(tracesOfFamily, seed)];
}

/** @param {KnownFile} file */
function hasEdges({ traces }) {
  return traces.some((trace) => trace.some(({ parent }) => parent !== undefined));
}

/**
 * @param {Subject} files
 * @param {Inference} infer
 * @returns {Score}
 */
export function scoreOf(files, infer) {
  return sum(files.map(({ traces }) => score(traces, infer(traces))));
}

/**
 * @param {readonly Subject[]} subjects
 * @param {Inference} infer
 * @returns {Measured[]}
 */
export function measureAll(subjects, infer) {
  return subjects.flatMap((files) => {
    const [first] = files;
    if (first === undefined) return [];
    const { name, source, group } = first;
    const baselineScores = baselines.map(([, parentsOf]) =>
      scoreOf(files, (traces) => traces.map((trace) => parentsOf(trace).map(certain))),
    );
    return [{ name, source, group, score: scoreOf(files, infer), baselines: baselineScores }];
  });
}

/**
 * @param {number | undefined} parent
 * @returns {Answer}
 */
function certain(parent) {
  return { parent, confident: parent !== undefined, ambiguous: false, confidence: 1 };
}
