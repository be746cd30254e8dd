import { table } from '../table.js';
import { allRules } from './engine.js';
import { inference } from './inference.js';
import { groups } from './known-trace.js';
import { scoreOf } from './measured.js';

/** @typedef {import('./known-trace.js').Group} Group */
/** @typedef {import('./measured.js').Subject} Subject */
/** @typedef {import('./score.js').Score} Score */

/**
 * @typedef {object} Gain What a rule brings: the counts with it less those without it.
 * @property {number} found Edges.
 * @property {number} right Confident edges that are right.
 * @property {number} wrong Confident edges that are wrong.
 */

/**
 * For each rule of the inference what it brings on every group, and what is left of it when the source that it helps
 * most is left out: a rule that lives on one source was made for that source.
 *
 * @param {readonly Subject[]} subjects
 */
export function rulesTables(subjects) {
  return Object.entries(groups)
    .flatMap(([group, title]) => {
      const members = subjects.filter(([first]) => first?.group === group);
      if (members.length === 0) return [];
      const lines = switchedOff.map(({ name, rules }) => ruleLine(name, rules, members));
      return [`${title}, ${new Set(members.map(sourceOf)).size} sources`, table(titles, lines)];
    })
    .join('\n\n');
}

const titles = [
  'rule',
  'edges found',
  'confident and right',
  'confident and wrong',
  'sources better : worse',
  'files',
  'found without the best source',
  'remark',
];

/** @typedef {import('../../src/trace/infer/rules.js').InferenceRules} InferenceRules */

const names = Object.keys(allRules);

/**
 * @param {InferenceRules} rules
 * @param {string} name
 * @returns {InferenceRules}
 */
const without = (rules, name) => ({ ...rules, [name]: false });

const switchedOff = [
  ...names.map((name) => ({ name, rules: without(allRules, name) })),
  { name: 'all of them', rules: names.reduce(without, allRules) },
];

/**
 * @param {string} name
 * @param {InferenceRules} rules Without this one.
 * @param {readonly Subject[]} subjects
 */
function ruleLine(name, rules, subjects) {
  const withRule = inference();
  const withoutRule = inference(rules);
  const gains = subjects.map((subject) => ({
    source: sourceOf(subject),
    gain: difference(scoreOf(subject, withRule), scoreOf(subject, withoutRule)),
  }));
  const { total, sources, files, withoutBest, remark } = judge(gains);
  return [
    name,
    signed(total.found),
    signed(total.right),
    signed(total.wrong),
    `${sources.better} : ${sources.worse}`,
    `${files.better} : ${files.worse}`,
    signed(withoutBest.found),
    remark,
  ];
}

/**
 * @param {Score} withRule
 * @param {Score} withoutRule
 * @returns {Gain}
 */
function difference(withRule, withoutRule) {
  return {
    found: withRule.found - withoutRule.found,
    right: withRule.confidentRight - withoutRule.confidentRight,
    wrong: withRule.mistakes.length - withoutRule.mistakes.length,
  };
}

/**
 * What a rule is worth, and whether it is still worth something without the source that it helps most.
 *
 * @param {readonly { source: string, gain: Gain }[]} gains By file.
 */
export function judge(gains) {
  const total = addUp(gains.map(({ gain }) => gain));
  const bySource = [...new Set(gains.map(({ source }) => source))].map((source) => ({
    source,
    gain: addUp(gains.filter((each) => each.source === source).map(({ gain }) => gain)),
  }));
  const best = bySource
    .filter(({ gain }) => worth(gain) > 0)
    .toSorted((one, other) => worth(other.gain) - worth(one.gain))[0]?.source;
  const withoutBest = addUp(gains.filter(({ source }) => source !== best).map(({ gain }) => gain));
  return {
    total,
    sources: sides(bySource),
    files: sides(gains),
    withoutBest,
    remark: remarkOn(total, withoutBest, best),
  };
}

/** @param {readonly { gain: Gain }[]} gains */
function sides(gains) {
  return {
    better: gains.filter(({ gain }) => worth(gain) > 0).length,
    worse: gains.filter(({ gain }) => worth(gain) < 0).length,
  };
}

/**
 * @param {Gain} total
 * @param {Gain} withoutBest
 * @param {string | undefined} best
 */
function remarkOn(total, withoutBest, best) {
  if (best === undefined) return worth(total) < 0 ? 'harms' : 'no difference';
  if (worth(total) <= 0) return 'harms more than it helps';
  return worth(withoutBest) > 0 ? '' : `lives on ${best} alone`;
}

/**
 * One number to tell better from worse: an edge found counts once, a confident one that is wrong weighs as much as ten
 * that are right and confident, as an edge at the least confidence that is told as certain does.
 *
 * @param {Gain} gain
 */
function worth({ found, right, wrong }) {
  return found + right / 10 - wrong;
}

/** @param {Subject} subject */
function sourceOf([first]) {
  return first?.source ?? '';
}

/**
 * @param {readonly Gain[]} gains
 * @returns {Gain}
 */
function addUp(gains) {
  const total = { found: 0, right: 0, wrong: 0 };
  for (const { found, right, wrong } of gains) {
    total.found += found;
    total.right += right;
    total.wrong += wrong;
  }
  return total;
}

/** @param {number} value */
function signed(value) {
  return value > 0 ? `+${value}` : String(value);
}
