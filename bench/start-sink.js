import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {object} Totals
 * @property {number} requests
 * @property {number} spans
 * @property {number} bytes
 */

/** Starts the sink in a process of its own and gives its address, its totals so far and a way to end it. */
export async function startSink() {
  const child = fork(fileURLToPath(new URL('./sink.js', import.meta.url)));
  const [{ port }] = await once(child, 'message');
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    /** @returns {Promise<Totals>} */
    async totals() {
      const response = await fetch(`${url}/totals`);
      return JSON.parse(await response.text());
    },
    async close() {
      const closed = once(child, 'exit');
      child.disconnect();
      await closed;
    },
  };
}
