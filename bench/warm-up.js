import { createReadStream } from 'node:fs';

const bodyBytes = 2 * 1024 * 1024;
const bodies = 30;

/**
 * Not measured: brings a file into the page cache and the sink up to speed.
 *
 * @param {import('./data/inputs.js').Input} input
 * @param {import('./sink/start-sink.js').Sink} sink
 */
export async function warmUp(input, sink) {
  let sent = 0;
  for await (const body of createReadStream(input.path, { highWaterMark: bodyBytes })) {
    if (sent === bodies) continue;
    const response = await fetch(`${sink.url}/v1/traces/ingest`, { method: 'POST', body });
    await response.arrayBuffer();
    sent += 1;
  }
}
