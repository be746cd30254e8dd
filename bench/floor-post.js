import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { json } from 'node:stream/consumers';

import { readLines } from './lines.js';

// The read floor, and the original bytes of the rows in bodies of 500: an importer that checks nothing but that a row is
// JSON, remembers nothing, and sends before it has read to the end.
const [, , file = '', url = ''] = process.argv;
const rowsPerBody = 500;
const inFlightAtMost = 4;

const agent = new Agent({ keepAlive: true, maxSockets: inFlightAtMost });
/** @type {Set<Promise<void>>} */
const inFlight = new Set();
/** Bodies to write in; as many exist as requests can be under way, and one more. @type {Buffer<ArrayBuffer>[]} */
const spare = [];
let body = Buffer.allocUnsafe(4 * 1024 * 1024);
let length = 0;
let pending = 0;
let rows = 0;

for await (const lines of readLines(file)) {
  for (const line of lines) {
    JSON.parse(line.toString());
    append(line);
    rows += 1;
    if (pending === rowsPerBody) await send();
  }
}
if (pending > 0) await send();
await Promise.all(inFlight);
agent.destroy();
console.log(JSON.stringify({ rows }));

/** @param {Buffer} line */
function append(line) {
  if (length + line.length + 2 > body.length) {
    const larger = Buffer.allocUnsafe(2 * body.length + line.length);
    body.copy(larger, 0, 0, length);
    body = larger;
  }
  body[length] = pending === 0 ? 0x5b : 0x2c;
  line.copy(body, length + 1);
  length += line.length + 1;
  pending += 1;
}

async function send() {
  body[length] = 0x5d;
  const request = post(body, length + 1).finally(() => inFlight.delete(request));
  inFlight.add(request);
  if (inFlight.size === inFlightAtMost) await Promise.race(inFlight);
  body = spare.pop() ?? Buffer.allocUnsafe(4 * 1024 * 1024);
  length = 0;
  pending = 0;
}

/**
 * @param {Buffer<ArrayBuffer>} buffer
 * @param {number} bytes
 */
async function post(buffer, bytes) {
  const outgoing = request(`${url}/v1/traces/ingest`, {
    method: 'POST',
    agent,
    headers: { 'content-type': 'application/json', 'content-length': bytes, authorization: 'Bearer bench' },
  });
  outgoing.end(buffer.subarray(0, bytes));
  const [response] = await once(outgoing, 'response');
  await json(response);
  if (response.statusCode !== 200) throw new Error(`the sink answered ${response.statusCode}`);
  spare.push(buffer);
}
