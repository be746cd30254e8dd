import { missing, versionsOf } from './contestants/contestant.js';
import { inputOfSize } from './data/inputs.js';
import { judge } from './goals.js';
import { describe, speedTable } from './results.js';
import { runRounds } from './rounds.js';
import { startSink } from './sink/start-sink.js';
import { warmUp } from './warm-up.js';

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
    await warmUp(input, sink);
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
