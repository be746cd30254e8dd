import { describeRun } from '../results.js';
import { grouped, table } from '../table.js';
import { inferIn } from './inference.js';
import { shapes } from './shapes.js';

const sizes = [1_000, 10_000, 100_000, 1_000_000];

/** @typedef {{ spans: number, seconds: number }} Run */

/** What is fast is repeated more often: the clock and the compiler weigh on it. */
const secondsAtLeast = 0.3;
const runsAtMost = 50;
/** What is not is repeated while it takes less than so long altogether. */
const repetitions = { runs: 3, seconds: 4 };
/** A size that would take longer by the growth so far is left out. */
const secondsAtMost = 120;
/** Time for n log n: by how much it may grow from ten thousand spans to the largest number, caches included. */
const growthAtMost = 4;

/**
 * Seconds that the inference takes, without the building of the index, by shape and number of spans. Sets the exit code
 * where the time grows by more than n log n.
 */
export function scalingTable() {
  const machine = describeRun();
  const titles = [
    'shape',
    ...sizes.map((spans) => `s, ${grouped(spans)}`),
    'ns a span',
    'growth for n log n',
  ];
  const lines = shapes.map((shape) => {
    const runs = runsOf(shape);
    const last = runs.at(-1) ?? { spans: 1, seconds: 0 };
    const isTooMuch = growthOf(runs) > growthAtMost;
    if (isTooMuch) process.exitCode = 1;
    return [
      shape.name,
      ...sizes.map((_, position) => runs[position]?.seconds.toFixed(4) ?? 'left out'),
      ((last.seconds * 1e9) / last.spans).toFixed(0),
      `${growthOf(runs).toFixed(2)}${isTooMuch ? ' TOO MUCH' : ''}`,
    ];
  });
  return `${machine}\n\n${table(titles, lines)}`;
}

/**
 * One run for each size, up to the one that would take too long.
 *
 * @param {import('./shapes.js').Shape} shape
 */
function runsOf({ name, build }) {
  /** @type {Run[]} */
  const runs = [];
  for (const spans of sizes) {
    if (expectedSeconds(runs, spans) > secondsAtMost) break;
    const seconds = measure(build, spans);
    console.error(`${name}  ${grouped(spans)} spans  ${seconds.toFixed(4)} s`);
    runs.push({ spans, seconds });
  }
  return runs;
}

/**
 * Time for n log n of the slowest size beyond ten thousand spans, as a multiple of that for ten thousand.
 *
 * @param {readonly Run[]} runs
 */
function growthOf(runs) {
  const [base, ...larger] = runs.filter(({ spans }) => spans >= 10_000).map(perStep);
  return Math.max(1, ...larger.map((time) => time / (base ?? time)));
}

/**
 * The fastest of the runs, which the rest of the machine has disturbed least. Each has an index of its own, since an
 * inference writes into it.
 *
 * @param {import('./shapes.js').Shape['build']} build
 * @param {number} spans
 */
function measure(build, spans) {
  let fastest = Infinity;
  let total = 0;
  for (
    let run = 0;
    (run < repetitions.runs && total < repetitions.seconds) || (run < runsAtMost && total < secondsAtLeast);
    run += 1
  ) {
    const index = build(spans);
    const started = performance.now();
    inferIn(index);
    const seconds = (performance.now() - started) / 1000;
    fastest = Math.min(fastest, seconds);
    total += seconds;
  }
  return fastest;
}

/**
 * By the growth between the last two sizes.
 *
 * @param {readonly Run[]} runs
 * @param {number} spans
 */
function expectedSeconds(runs, spans) {
  const [before, last] = runs.slice(-2);
  if (before === undefined || last === undefined) return 0;
  const exponent = Math.log(last.seconds / before.seconds) / Math.log(last.spans / before.spans);
  return last.seconds * (spans / last.spans) ** exponent;
}

/** @param {Run} run */
function perStep({ spans, seconds }) {
  return seconds / (spans * Math.log2(spans));
}
