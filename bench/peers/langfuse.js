import { fromPeers } from './from-peers.js';
import { readRows } from './read-rows.js';

// Rows as observations with ids and times of their own, which of the Langfuse clients the one of version 3 can set. What
// it has queued is awaited every so often, or it would hold the file. Larger batches than its own are slower: it writes the whole queue as JSON for every event.
const [, , file = '', url = ''] = process.argv;
const { Langfuse } = await fromPeers('langfuse');
const observationsPerFlush = 2000;

const client = new Langfuse({
  publicKey: 'bench',
  secretKey: 'bench',
  baseUrl: url,
});
let rows = 0;
for await (const row of readRows(file)) {
  observe(row);
  rows += 1;
  if (rows % observationsPerFlush === 0) await client.flushAsync();
}
await client.shutdownAsync();
console.log(JSON.stringify({ rows }));

/** @param {Record<string, any>} row */
function observe(row) {
  const span = {
    id: row['span_unique_id'],
    traceId: row['trace_unique_id'],
    parentObservationId: row['span_parent_id'],
    name: row['span_name'],
    startTime: new Date(row['start_time']),
    endTime: new Date(row['timestamp']),
    metadata: row['metadata'],
  };
  if (row['prompt_messages'] === undefined) {
    client.span({ ...span, input: row['input'], output: row['output'] });
    return;
  }
  client.generation({
    ...span,
    input: row['prompt_messages'],
    output: row['completion_message'],
    model: row['model'],
    modelParameters: { temperature: row['temperature'] },
    usageDetails: { input: row['prompt_tokens'], output: row['completion_tokens'] },
  });
}
