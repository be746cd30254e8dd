import { createServer } from 'node:http';

// The ingest server of the benchmark, in a process of its own. It reads every body to its end, parses nothing, and
// counts the key that every span has exactly once. Inside a JSON string the quote behind the key would be escaped, so
// user data that mentions the key is not counted.
const spanKey = Buffer.from('"span_unique_id"');
const totals = { requests: 0, spans: 0, bytes: 0 };

const server = createServer((request, response) => {
  if (request.method === 'GET' && request.url === '/totals') {
    answer(response, totals);
    return;
  }
  /** @type {Buffer[]} */
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const spans = countSpans(body);
    totals.requests += 1;
    totals.spans += spans;
    totals.bytes += body.length;
    answer(response, { status: 'ok', ingested_spans: spans, created_traces: 0, trace_ids: [], errors: [] });
  });
});

/** @param {Buffer} body */
function countSpans(body) {
  let count = 0;
  for (let at = body.indexOf(spanKey); at !== -1; at = body.indexOf(spanKey, at + spanKey.length)) count += 1;
  return count;
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {object} body
 */
function answer(response, body) {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
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
