import { table } from '../table.js';
import { defaultRules, inference } from './inference.js';
import { groups } from './known-trace.js';
import { scoreOf } from './measured.js';
import { noScore, sum } from './score.js';

/** @typedef {import('./known-trace.js').Group} Group */
/** @typedef {import('./measured.js').Subject} Subject */
/** @typedef {import('./score.js').Score} Score */

/**
 * @typedef {object} Gain What a rule brings: the counts with it less those without it.
 * @property {number} found Edges.
 * @property {number} right Confident edges that are right.
 * @property {number} wrong Confident edges that are wrong.
 */

/** @typedef {Map<string, Score>} Scores By source. */

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
      const lines = Object.entries(defaultRules).map(([name, value]) => ruleLine(name, value, members));
      return [`${title}, ${new Set(members.map(sourceOf)).size} sources`, table(titles, lines)];
    })
    .join('\n\n');
}

const titles = [
  'rule',
  'edges found',
  'confident and right',
  'confident and wrong',
  'sources better',
  'worse',
  'found without the best source',
  'remark',
];

/**
 * @param {string} name
 * @param {boolean | number} value
 * @param {readonly Subject[]} subjects
 */
function ruleLine(name, value, subjects) {
  const on = { ...defaultRules, [name]: value === false ? true : value };
  const off = { ...defaultRules, [name]: typeof value === 'number' ? 0 : false };
  const gains = gainsBySource(scoresBySource(subjects, on), scoresBySource(subjects, off));
  const { total, better, worse, withoutBest, remark } = judge(gains);
  return [
    value === false ? `${name} (off by default)` : name,
    signed(total.found),
    signed(total.right),
    signed(total.wrong),
    String(better),
    String(worse),
    signed(withoutBest.found),
    remark,
  ];
}

/**
 * What a rule is worth, and whether it is still worth something without the source that it helps most.
 *
 * @param {ReadonlyMap<string, Gain>} gains By source.
 */
export function judge(gains) {
  const total = addUp([...gains.values()]);
  const helped = [...gains].filter(([, gain]) => worth(gain) > 0);
  const best = helped.toSorted(([, one], [, other]) => worth(other) - worth(one))[0]?.[0];
  const withoutBest = addUp([...gains].filter(([source]) => source !== best).map(([, gain]) => gain));
  return {
    total,
    better: helped.length,
    worse: [...gains.values()].filter((gain) => worth(gain) < 0).length,
    withoutBest,
    remark: remarkOn(total, withoutBest, best),
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

/**
 * @param {readonly Subject[]} subjects
 * @param {Record<string, boolean | number>} rules
 * @returns {Scores}
 */
function scoresBySource(subjects, rules) {
  const infer = inference(rules);
  /** @type {Scores} */
  const scores = new Map();
  for (const subject of subjects) {
    const source = sourceOf(subject);
    scores.set(source, sum([scores.get(source) ?? noScore(), scoreOf(subject, infer)]));
  }
  return scores;
}

/** @param {Subject} subject */
function sourceOf([first]) {
  return first?.source ?? '';
}

/**
 * @param {Scores} on
 * @param {Scores} off
 * @returns {Map<string, Gain>}
 */
function gainsBySource(on, off) {
  return new Map(
    [...on].map(([source, withRule]) => {
      const without = off.get(source) ?? noScore();
      return [
        source,
        {
          found: withRule.found - without.found,
          right: withRule.confidentRight - without.confidentRight,
          wrong: withRule.mistakes.length - without.mistakes.length,
        },
      ];
    }),
  );
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
