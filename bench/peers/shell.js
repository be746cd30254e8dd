import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Runs a pipeline of programs, and fails as it does.
 *
 * @param {string} pipeline For `sh`.
 * @param {Record<string, string>} variables
 */
export async function shell(pipeline, variables) {
  const child = spawn('sh', ['-e', '-c', pipeline], {
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [exitCode] = await once(child, 'close');
  process.exitCode = exitCode ?? 1;
}
