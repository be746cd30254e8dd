import { speedBeside } from './ratios.js';
import { table } from './table.js';

/**
 * @typedef {import('./rounds.js').Run} Run
 *
 * @typedef {object} Goal A speed to be reached within a case.
 * @property {string} subject Name of a contestant.
 * @property {string} beside Name of another.
 * @property {number} atLeast Times as fast.
 *
 * @typedef {object} Verdict A line of the table of goals.
 * @property {string} what
 * @property {string} goal
 * @property {string} measured
 * @property {boolean | undefined} met `undefined` where it could not be measured.
 */

/**
 * @param {string} title Of the case.
 * @param {Goal} goal
 * @param {ReadonlyMap<string, Run[]>} runs
 * @returns {Verdict}
 */
export function judge(title, { subject, beside, atLeast }, runs) {
  const own = runs.get(subject) ?? [];
  const others = runs.get(beside) ?? [];
  const what = `${title}: ${subject}`;
  const goal = `≥ ${atLeast} × ${shortName(beside)}`;
  const delivered = others.some((run) => run.rowsPerSecond > 0);
  if (own.length === 0 || !delivered) return { what, goal, measured: '–', met: undefined };
  const ratio = speedBeside(own, others);
  return {
    what,
    goal,
    measured: rounded(ratio),
    met: ratio >= atLeast && own.every((run) => run.complete),
  };
}

/**
 * Rounded down, so that a goal that was missed never looks reached.
 *
 * @param {number} ratio
 */
export function rounded(ratio) {
  const digits = ratio >= 10 ? 1 : 2;
  return (Math.floor(ratio * 10 ** digits) / 10 ** digits).toFixed(digits);
}

/**
 * What stands before the explanation in a contestant's name.
 *
 * @param {string} name
 */
export function shortName(name) {
  return name.replace(/:.*$/s, '');
}

/** @param {readonly Verdict[]} verdicts */
export function goalsTable(verdicts) {
  return table(
    ['case', 'goal', 'measured', 'met'],
    verdicts.map(({ what, goal, measured, met }) => [
      what,
      goal,
      measured,
      met === undefined ? 'not measured' : met ? 'yes' : '**no**',
    ]),
  );
}
