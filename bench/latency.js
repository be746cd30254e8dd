import { fullImport } from './contestants/program.js';
import { inputOfSize } from './data/inputs.js';
import { kinds } from './data/kinds.js';
import { rounded } from './goals.js';
import { median } from './ratios.js';
import { describe } from './results.js';
import { runRounds } from './rounds.js';
import { startSink } from './sink/start-sink.js';
import { table } from './table.js';
import { warmUp } from './warm-up.js';

const milliseconds = 50;
const atLeast = 0.9;
const defaultBytes = 300e6;

/**
 * The upload to a server that takes its time, beside what its time permits: requests at once × bytes of a request ÷
 * latency.
 *
 * @param {import('./options.js').Options} options
 */
export async function measureLatency({ bytes = defaultBytes, rounds, peers }) {
  const input = await inputOfSize(kinds.native, bytes);
  const title = `a server that answers after ${milliseconds} ms`;
  console.error(`\n${title}, ${describe(input)}`);
  const imports = [1, 4, 8].map((concurrency) => ({
    concurrency,
    contestant: fullImport(undefined, 1, ['--concurrency', String(concurrency)]),
  }));
  const sink = await startSink(milliseconds);
  try {
    await warmUp(input, sink);
    const contestants = imports.map(({ contestant }) => contestant);
    const runs = await runRounds(contestants, rounds, { input, peers }, sink);
    const lines = imports.map(({ concurrency, contestant }) => {
      const own = runs.get(contestant.name) ?? [];
      return { concurrency, ...flowOf(own, concurrency), complete: own.every((run) => run.complete) };
    });
    const cells = lines.map(({ concurrency, requests, bytesPerRequest, reached, possible, share }) => [
      String(concurrency),
      requests.toFixed(0),
      (bytesPerRequest / 1e6).toFixed(2),
      (reached / 1e6).toFixed(0),
      (possible / 1e6).toFixed(0),
      rounded(share),
    ]);
    const titles = ['requests at once', 'requests', 'MB a request', 'MB/s', 'possible MB/s', 'share'];
    return {
      text: `**${title}, ${describe(input)}**; from the first request to the last answer, medians of ${rounds} rounds.\n\n${table(titles, cells)}`,
      verdicts: lines.map(({ concurrency, share, complete }) => ({
        what: `${title}: ${concurrency} at once`,
        goal: `≥ ${atLeast} × concurrency × bytes ÷ latency`,
        measured: rounded(share),
        met: complete && share >= atLeast,
      })),
    };
  } finally {
    await sink.close();
  }
}

/**
 * What flowed while requests were under way, as the sink saw it, in bytes and bytes a second.
 *
 * @param {readonly import('./rounds.js').Run[]} runs
 * @param {number} concurrency
 */
export function flowOf(runs, concurrency) {
  const flows = runs.map(({ totals: { requests, bytes, firstRequest, lastAnswer } }) => {
    const seconds = ((lastAnswer ?? Number.NaN) - (firstRequest ?? Number.NaN)) / 1000;
    const bytesPerRequest = bytes / requests;
    const reached = bytes / seconds;
    const possible = (concurrency * bytesPerRequest) / (milliseconds / 1000);
    return { requests, bytesPerRequest, reached, possible, share: reached / possible };
  });
  /** @param {'requests' | 'bytesPerRequest' | 'reached' | 'possible' | 'share'} key */
  const middle = (key) => median(flows.map((flow) => flow[key]));
  return {
    requests: middle('requests'),
    bytesPerRequest: middle('bytesPerRequest'),
    reached: middle('reached'),
    possible: middle('possible'),
    share: middle('share'),
  };
}
