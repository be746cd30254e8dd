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
 * All that is told of how well parents were inferred.
 *
 * @param {readonly Measured[]} measured
 */
export function accuracy(measured) {
  const real = measured.filter(({ group }) => !drawn.has(group));
  const generated = measured.filter(({ group }) => drawn.has(group));
  return [
    groupsTable(measured),
    'By file:',
    filesTable(real, 'source', ({ source }) => source),
    'Generated:',
    filesTable(generated, 'inferred', ({ group }) => (group === 'alone' ? 'each alone' : 'together')),
    'Edges of all but the other files, by the confidence that they were told with:',
    calibrationTable(real.filter(({ group }) => group !== 'others')),
    'Generated edges, by the confidence that they were told with:',
    calibrationTable(generated),
    'Confident edges that are wrong:',
    mistakesList(measured.filter(({ group }) => group !== 'alone')),
  ].join('\n\n');
}

/** @type {ReadonlySet<import('./known-trace.js').Group>} */
const drawn = new Set(['generated', 'alone']);

/**
 * A line for each file or family.
 *
 * @param {readonly Measured[]} measured
 * @param {string} title
 * @param {(each: Measured) => string} describe
 */
function filesTable(measured, title, describe) {
  return table(
    ['name', title, ...titles],
    measured.map((each) => [sanitise(each.name), describe(each), ...cells(each.score, each.baselines)]),
  );
}

/**
 * A line for each group that has files: all its edges together, and the share found as the mean of the files' shares,
 * in which a file of eighty edges weighs no more than one of three.
 *
 * @param {readonly Measured[]} measured
 */
function groupsTable(measured) {
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
function calibrationTable(measured) {
  const { calibration } = sum(measured.map(({ score }) => score));
  const lines = calibration.flatMap(({ from, edges, right, confidence }, position) => {
    const to = calibration[position + 1]?.from ?? 1;
    if (edges === 0) return [];
    return [[`${from} to ${to}`, String(edges), share(confidence, edges), share(right, edges)]];
  });
  return table(['confidence', 'edges', 'mean confidence %', 'right %'], lines);
}

/**
 * Every confident edge of the files that is wrong, and of each generated family the most frequent ones. Those of the
 * same names are told once, with the highest confidence among them.
 *
 * @param {readonly Measured[]} measured
 */
function mistakesList(measured) {
  const told = measured.flatMap(({ name, group, score }) => {
    const lines = mistakeLines(score).map((line) => sanitise(`${name}: ${line}`));
    if (!drawn.has(group) || lines.length <= toldOfFamily) return lines;
    return [...lines.slice(0, toldOfFamily), `${name}: and ${lines.length - toldOfFamily} more such lines`];
  });
  return `\`\`\`text\n${told.join('\n') || 'none'}\n\`\`\``;
}

const toldOfFamily = 3;

/**
 * The most frequent first.
 *
 * @param {Score} score
 */
function mistakeLines({ mistakes }) {
  /** @type {Map<string, { times: number, confidence: number }>} */
  const lines = new Map();
  for (const { span, chosen, right, confidence } of mistakes) {
    const truth = right === undefined ? 'a root' : `under "${right}"`;
    const line = `"${span}" put under "${chosen}", is ${truth}`;
    const before = lines.get(line) ?? { times: 0, confidence: 0 };
    lines.set(line, { times: before.times + 1, confidence: Math.max(confidence, before.confidence) });
  }
  return [...lines]
    .toSorted(([, one], [, other]) => other.times - one.times)
    .map(
      ([line, { times, confidence }]) => `${line} (${confidence}${times === 1 ? '' : `, ${times} times`})`,
    );
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
