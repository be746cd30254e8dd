import { speedCases } from './cases.js';
import { goalsTable } from './goals.js';
import { measureLatency } from './latency.js';
import { measureMemory } from './memory.js';
import { optionsOf } from './options.js';
import { describeRun } from './results.js';
import { measureSpeed } from './speed.js';
import { measureStartUp } from './start-up.js';
import { writeResults } from './table.js';

/**
 * @typedef {object} Part Of what is measured.
 * @property {string} name For `--only`.
 * @property {() => Promise<{ text: string, verdicts: import('./goals.js').Verdict[] }>} measure
 */

const cases = speedCases();
const names = [...cases.map(({ name }) => name), 'latency', 'start', 'memory'];
const options = optionsOf(process.argv.slice(2), names, process.env);

/** @type {Part[]} */
const speeds = [
  ...cases.map((each) => ({ name: each.name, measure: () => measureSpeed(each, options) })),
  { name: 'latency', measure: () => measureLatency(options) },
  { name: 'start', measure: measureStartUp },
];
const wanted = speeds.filter(({ name }) => options.only.length === 0 || options.only.includes(name));
if (wanted.length > 0) await run('results', wanted);
if (options.memory) await run('memory', [{ name: 'memory', measure: () => measureMemory(options) }]);

/**
 * @param {'results' | 'memory'} section Of BENCHMARKS.md.
 * @param {readonly Part[]} measured
 */
async function run(section, measured) {
  const machine = describeRun();
  const texts = [];
  const verdicts = [];
  for (const { measure } of measured) {
    const part = await measure();
    texts.push(part.text);
    verdicts.push(...part.verdicts);
  }
  const results = [machine, goalsTable(verdicts), ...texts].join('\n\n');
  console.log(`${results}\n`);
  if (options.writes.includes(section)) await writeResults(section, results);
}
