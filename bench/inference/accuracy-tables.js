import { table } from '../table.js';
import { baselines } from './baselines.js';
import { sanitise } from './engine.js';
import { groups } from './known-trace.js';
import { sum } from './score.js';

/** @typedef {import('./measured.js').Measured} Measured */
/** @typedef {import('./score.js').Score} Score */

const titles = [
  'edges',
  'found',
  'found %',
  'confident',
  'of them right %',
  'ambiguous %',
  'exact traces',
  ...baselines.map(([name]) => `${name} %`),
];

/**
 * A line for each file or family.
 *
 * @param {readonly Measured[]} measured
 */
export function filesTable(measured) {
  return table(
    ['file', 'source', ...titles],
    measured.map((each) => [sanitise(each.name), each.source, ...cells(each.score, each.baselines)]),
  );
}

/**
 * A line for each group that has files: all its edges together, and the share found as the mean of the files' shares,
 * in which a file of eighty edges weighs no more than one of three.
 *
 * @param {readonly Measured[]} measured
 */
export function groupsTable(measured) {
  const lines = Object.entries(groups).flatMap(([group, title]) => {
    const members = measured.filter((each) => each.group === group);
    if (members.length === 0) return [];
    const total = sum(members.map(({ score }) => score));
    const totals = baselines.map((_, position) =>
      sum(members.map((each) => each.baselines[position] ?? total)),
    );
    const mean =
      members.reduce((shares, { score }) => shares + score.found / score.edges, 0) / members.length;
    return [[title, String(members.length), ...cells(total, totals), percent(mean)]];
  });
  return table(['group', 'files', ...titles, 'mean of files %'], lines);
}

/**
 * @param {Score} score
 * @param {readonly Score[]} baselineScores
 */
function cells(score, baselineScores) {
  return [
    String(score.edges),
    String(score.found),
    share(score.found, score.edges),
    String(score.confident),
    share(score.confidentRight, score.confident),
    share(score.ambiguous, score.inferred),
    `${score.exact} of ${score.traces}`,
    ...baselineScores.map(({ found, edges }) => share(found, edges)),
  ];
}

/**
 * How often an edge is right, by the confidence that it was told with.
 *
 * @param {readonly Measured[]} measured
 */
export function calibrationTable(measured) {
  const { calibration } = sum(measured.map(({ score }) => score));
  const lines = calibration.flatMap(({ from, edges, right, confidence }, position) => {
    const to = calibration[position + 1]?.from ?? 1;
    if (edges === 0) return [];
    return [[`${from} to ${to}`, String(edges), share(confidence, edges), share(right, edges)]];
  });
  return table(['confidence', 'edges', 'mean confidence %', 'right %'], lines);
}

/**
 * Every confident edge that is wrong; those that read the same are told once.
 *
 * @param {readonly Measured[]} measured
 */
export function mistakesList(measured) {
  /** @type {Map<string, number>} */
  const lines = new Map();
  for (const { name, score } of measured) {
    for (const { span, chosen, right, confidence } of score.mistakes) {
      const truth = right === undefined ? 'a root' : `under "${right}"`;
      const line = `${name}: "${span}" was put under "${chosen}" (${confidence}), is ${truth}`;
      lines.set(sanitise(line), (lines.get(sanitise(line)) ?? 0) + 1);
    }
  }
  return [...lines]
    .map(([line, times]) => (times === 1 ? `- ${line}` : `- ${line}, ${times} times`))
    .join('\n');
}

/**
 * @param {number} part
 * @param {number} whole
 */
function share(part, whole) {
  return whole === 0 ? '–' : percent(part / whole);
}

/** @param {number} value */
function percent(value) {
  // Never rounded up to all.
  return (Math.floor(value * 1000) / 10).toFixed(1);
}
