import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { median } from './ratios.js';
import { table } from './table.js';

const rounds = 20;
const atMost = 1.5;
const nothing = fileURLToPath(new URL('./floors/nothing.cjs', import.meta.url));
const program = fileURLToPath(new URL('../bin/respan-import.js', import.meta.url));
const spans = fileURLToPath(new URL('../fixtures/agent-spans.jsonl', import.meta.url));

const bare = { name: 'bare node', arguments: [nothing] };
const starts = [
  { name: 'respan-import --version', arguments: [program, '--version'] },
  { name: 'respan-import --help', arguments: [program, '--help'] },
];
/** What every run of any length begins with. Without a goal. */
const run = { name: 'a dry run of ten spans', arguments: [program, spans, '--dry-run'] };
const measured = [bare, ...starts, run];

/** How long it takes to be told something, beside what Node takes to do nothing. */
export async function measureStartUp() {
  /** @type {Map<string, number[]>} */
  const times = new Map(measured.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, arguments: args } of measured) times.get(name)?.push(await timeOf(args));
  }
  const nothings = times.get(bare.name) ?? [];
  const lines = [...times].map(([name, own]) => {
    const ratio = ratioOf(own, nothings);
    return { name, milliseconds: median(own), ratio };
  });
  const cells = lines.map(({ name, milliseconds, ratio }) => [
    name,
    milliseconds.toFixed(0),
    name === bare.name ? '1' : roundedUp(ratio),
  ]);
  return {
    text: `**starting**; medians of ${rounds} rounds.\n\n${table(['what', 'ms', '× bare node'], cells)}`,
    verdicts: lines
      .filter(({ name }) => starts.some((start) => start.name === name))
      .map(({ name, ratio }) => ({
        what: `starting: ${name}`,
        goal: `≤ ${atMost} × ${bare.name}`,
        measured: roundedUp(ratio),
        met: ratio <= atMost,
      })),
  };
}

/**
 * Bare Node and the program have the same environment, and of the developer's own only the path: NODE_EXTRA_CA_CERTS alone
 * costs 30 ms.
 *
 * @param {string[]} args
 */
async function timeOf(args) {
  const started = performance.now();
  const child = spawn(process.execPath, args, { env: { PATH: process.env['PATH'] }, stdio: 'ignore' });
  const [exitCode] = await once(child, 'close');
  if (exitCode !== 0) throw new Error(`${args.join(' ')} ended with ${exitCode}`);
  return performance.now() - started;
}

/**
 * @param {readonly number[]} times
 * @param {readonly number[]} beside
 */
function ratioOf(times, beside) {
  return median(times.map((time, round) => time / (beside[round] ?? Number.NaN)));
}

/**
 * So that a goal that was missed never looks reached.
 *
 * @param {number} ratio
 */
function roundedUp(ratio) {
  return (Math.ceil(ratio * 100) / 100).toFixed(2);
}
