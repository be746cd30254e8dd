import { parseArgs } from 'node:util';

/**
 * @typedef {object} Options
 * @property {string[]} only Names of cases; none means all but `memory`.
 * @property {number} rounds
 * @property {number | undefined} bytes Of every input; where it is not told, each case has its own.
 * @property {boolean} quick
 * @property {boolean} memory
 * @property {boolean} keep Large inputs stay.
 * @property {string | undefined} peers
 * @property {('results' | 'memory')[]} writes Sections of BENCHMARKS.md that the results may replace, since nothing was left
 *   out or made smaller.
 */

const quickBytes = 100e6;
const fewestRounds = 3;
/** @type {'results'} */
const results = 'results';
/** @type {'memory'} */
const memoryResults = 'memory';

/**
 * @param {string[]} args
 * @param {readonly string[]} names Of all cases.
 * @param {Record<string, string | undefined>} environment
 * @returns {Options}
 */
export function optionsOf(args, names, environment) {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      rounds: { type: 'string', default: String(fewestRounds) },
      size: { type: 'string' },
      quick: { type: 'boolean', default: false },
      memory: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      peers: { type: 'string' },
    },
  });
  const only = (values.only ?? '').split(',').filter(Boolean);
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Error(`--only: there is no case "${unknown}"; there are ${names.join(', ')}`);
  const size = values.size === undefined ? undefined : bytesOf(values.size);
  const rounds = roundsOf(values.rounds);
  const isWhole = size === undefined && !values.quick && rounds >= fewestRounds;
  const memory = values.memory || only.includes('memory');
  return {
    only,
    rounds,
    bytes: size ?? (values.quick ? quickBytes : undefined),
    quick: values.quick,
    memory,
    keep: values.keep,
    peers: values.peers ?? environment['RESPAN_BENCH_PEERS'],
    writes: [
      ...(isWhole && only.length === 0 ? [results] : []),
      ...(isWhole && memory ? [memoryResults] : []),
    ],
  };
}

/** @param {string} rounds */
function roundsOf(rounds) {
  if (!/^[1-9]\d*$/.test(rounds)) throw new Error(`--rounds takes a number from 1 on, not "${rounds}"`);
  return Number(rounds);
}

/**
 * Decimal units, as in the tables.
 *
 * @param {string} size E.g. `100MB`.
 */
export function bytesOf(size) {
  const match = /^(\d+(?:\.\d+)?)(KB|MB|GB)$/i.exec(size);
  const [, number, unit] = match ?? [];
  const exponent = { kb: 3, mb: 6, gb: 9 }[unit?.toLowerCase() ?? ''] ?? 0;
  const bytes = Math.round(Number(number ?? 0) * 10 ** exponent);
  if (bytes === 0) throw new Error(`--size takes a number above 0 with KB, MB or GB, not "${size}"`);
  return bytes;
}
