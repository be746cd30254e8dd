import { speedCases } from './cases.js';
import { missing } from './contestants/contestant.js';
import { postFloor } from './contestants/floors.js';
import { inputOfSize } from './data/inputs.js';
import { goalsTable, judge } from './goals.js';
import { optionsOf } from './options.js';
import { describe, describeRun, speedTable } from './results.js';
import { runOnce, runRounds } from './rounds.js';
import { startSink } from './sink/start-sink.js';
import { writeResults } from './table.js';

const cases = speedCases();
const names = [...cases.map(({ name }) => name), 'latency', 'start', 'memory'];
const options = optionsOf(process.argv.slice(2), names, process.env);
const { peers, rounds } = options;

/** @param {string} name */
const isWanted = (name) => options.only.length === 0 || options.only.includes(name);

const machine = describeRun();
const parts = [];
const verdicts = [];
for (const each of cases.filter(({ name }) => isWanted(name))) {
  const measured = await runCase(each);
  verdicts.push(...measured.verdicts);
  parts.push(measured.text);
}
const results = [machine, goalsTable(verdicts), ...parts].join('\n\n');
console.log(results);
if (options.isFull) await writeResults('results', results);

/** @param {import('./cases.js').Case} measured */
async function runCase({ title, kind, bytes, contestants, goals }) {
  const input = await inputOfSize(kind, options.bytes ?? bytes);
  const heading = `${title}, ${describe(input)}`;
  console.error(`\n${heading}`);
  const present = contestants.filter((contestant) => {
    const reason = missing(contestant, peers);
    if (reason !== undefined) console.error(`skipped  ${contestant.name}: ${reason}`);
    return reason === undefined;
  });
  const sink = await startSink();
  try {
    // Not measured: it brings the file into the page cache and the sink up to speed.
    await runOnce(postFloor, { input, peers }, sink);
    const runs = await runRounds(present, rounds, { input, peers }, sink);
    return {
      text: `**${heading}**; medians of ${rounds} rounds (fastest to slowest).\n\n${speedTable(present, runs, input)}`,
      verdicts: goals.map((goal) => judge(title, goal, runs)),
    };
  } finally {
    await sink.close();
  }
}
