import type { Output } from '../report/terminal.js';

/** The streams of the process, with colours and signs as its arguments and environment ask. */
export async function openOutput({ argv, env, stdout, stderr }: NodeJS.Process): Promise<Output> {
  const { createOutput } = await import('../report/terminal.js');
  const colour = argv.includes('--no-color') ? 'never' : 'auto';
  return createOutput({ stdout, stderr, env, colour, ascii: argv.includes('--ascii') });
}
