import { missing, versionsOf } from './contestants/contestant.js';
import { postFloor } from './contestants/floors.js';
import { inputOfSize } from './data/inputs.js';
import { judge } from './goals.js';
import { describe, speedTable } from './results.js';
import { runOnce, runRounds } from './rounds.js';
import { startSink } from './sink/start-sink.js';

/**
 * Lets the contestants of a case take turns, those that are not installed left out.
 *
 * @param {import('./cases.js').Case} measured
 * @param {import('./options.js').Options} options
 */
export async function measureSpeed({ title, kind, bytes, contestants, goals }, options) {
  const { peers, rounds } = options;
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
    const versions = versionsOf(present, peers);
    const others = versions.length === 0 ? '' : ` With ${versions.join(', ')}.`;
    const about = `**${heading}**; medians of ${rounds} rounds (fastest to slowest).${others}`;
    return {
      text: `${about}\n\n${speedTable(present, runs, input)}`,
      verdicts: goals.map((goal) => judge(title, goal, runs)),
    };
  } finally {
    await sink.close();
  }
}
