import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';

import { answerTo } from './protocols.js';

// The server of the benchmark, in a process of its own: node sink.js MILLISECONDS. It reads every body to its end, counts
// the spans in it, and answers after so many milliseconds. GET /totals tells what came since it was last asked,
// GET /so-far the same without beginning anew.
const latency = Number(process.argv[2] ?? 0);

/** @type {import('./start-sink.js').Totals} */
let totals = nothingYet();

const server = createServer((request, response) => {
  if (request.url === '/totals' || request.url === '/so-far') {
    response.end(JSON.stringify(totals));
    if (request.url === '/totals') totals = nothingYet();
    return;
  }
  totals.firstRequest ??= performance.now();
  /** @type {Buffer[]} */
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const arrived = performance.now();
    const received = Buffer.concat(chunks);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(received) : received;
    const path = (request.url ?? '').replace(/\?.*$/s, '');
    const { spans, status, answer } = answerTo(request.method ?? '', path, body);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      totals.requests += 1;
      totals.bytes += body.length;
    }
    totals.spans += spans;
    const respond = () => {
      totals.lastAnswer = performance.now();
      response.writeHead(status, headers).end(JSON.stringify(answer));
    };
    // What the sink does itself is part of the time that it takes.
    if (latency === 0) respond();
    else setTimeout(respond, latency - (performance.now() - arrived));
  });
});

/** Elasticsearch's client talks to nobody who does not name the product. */
const headers = { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' };

/** @returns {import('./start-sink.js').Totals} */
function nothingYet() {
  return { requests: 0, spans: 0, bytes: 0, firstRequest: null, lastAnswer: null };
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.send?.({ port: address.port });
});
// However the benchmark ends, its sink ends with it.
process.on('disconnect', () => {
  server.close();
  server.closeAllConnections();
});
