import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {object} Totals
 * @property {number} requests Questions (GET) not among them.
 * @property {number} spans
 * @property {number} bytes Of bodies, unpacked.
 * @property {number | null} firstRequest When the head of the first one came, in milliseconds of the sink's own clock.
 * @property {number | null} lastAnswer
 *
 * @typedef {Awaited<ReturnType<typeof startSink>>} Sink
 */

/**
 * Starts a sink in a process of its own.
 *
 * @param {number} [latency] Milliseconds from the end of a request to the beginning of its answer.
 */
export async function startSink(latency = 0) {
  const child = fork(fileURLToPath(new URL('./sink.js', import.meta.url)), [String(latency)]);
  const [{ port }] = await once(child, 'message');
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    /**
     * What came since this was last asked.
     *
     * @returns {Promise<Totals>}
     */
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
