import { fullImport } from './contestants/program.js';
import { inputOfSize } from './data/inputs.js';
import { kinds } from './data/kinds.js';
import { rounded } from './goals.js';
import { median } from './ratios.js';
import { describe, size } from './results.js';
import { runRounds } from './rounds.js';
import { startSink } from './sink/start-sink.js';
import { table } from './table.js';
import { warmUp } from './warm-up.js';

const milliseconds = 50;
const atLeast = 0.9;
/** For each request at once, so that all have as many rounds: the first request, which goes alone, weighs the same. */
const bytesAtOnce = 75e6;

/**
 * The upload to a server that takes its time, beside what its time permits: requests at once × bytes of a request ÷
 * latency.
 *
 * @param {import('./options.js').Options} options
 */
export async function measureLatency({ bytes, rounds, peers }) {
  const title = `a server that answers after ${milliseconds} ms`;
  const sink = await startSink(milliseconds);
  try {
    const lines = [];
    for (const concurrency of [1, 4, 8]) {
      const input = await inputOfSize(kinds.native, bytes ?? bytesAtOnce * concurrency);
      console.error(`\n${title}, ${concurrency} at once, ${describe(input)}`);
      await warmUp(input, sink);
      const contestant = fullImport(undefined, 1, ['--concurrency', String(concurrency)]);
      const runs = await runRounds([contestant], rounds, { input, peers }, sink);
      const own = runs.get(contestant.name) ?? [];
      const complete = own.every((run) => run.complete);
      lines.push({ concurrency, size: size(input), ...flowOf(own, concurrency), complete });
    }
    const cells = lines.map((line) => {
      const { concurrency, requests, bytesPerRequest, reached, possible, share } = line;
      return [
        String(concurrency),
        line.size,
        requests.toFixed(0),
        (bytesPerRequest / 1e6).toFixed(2),
        (reached / 1e6).toFixed(0),
        (possible / 1e6).toFixed(0),
        rounded(share),
      ];
    });
    const titles = [
      'requests at once',
      'input',
      'requests',
      'MB a request',
      'MB/s',
      'possible MB/s',
      'share',
    ];
    return {
      text: `**${title}**; the native rows, from the first request to the last answer, medians of ${rounds} rounds.\n\n${table(titles, cells)}`,
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
