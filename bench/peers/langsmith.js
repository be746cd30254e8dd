import { fromPeers } from './from-peers.js';
import { readRows } from './read-rows.js';

// Rows as finished runs, each created once with its inputs and outputs; the client batches by itself. What it has queued
// is awaited every so often, or it would hold the file.
const [, , file = '', url = ''] = process.argv;
const { Client } = await fromPeers('langsmith');
const runsPerFlush = 2000;

const client = new Client({ apiUrl: url, apiKey: 'bench', omitTracedRuntimeInfo: true });
let rows = 0;
for await (const row of readRows(file)) {
  await client.createRun(runOf(row));
  rows += 1;
  if (rows % runsPerFlush === 0) await client.awaitPendingTraceBatches();
}
await client.awaitPendingTraceBatches();
console.log(JSON.stringify({ rows }));

/** @param {Record<string, any>} row */
function runOf(row) {
  const start = row['start_time'];
  const trace = uuidOf(row['trace_unique_id']);
  const id = uuidOf(`${row['trace_unique_id'].slice(0, 16)}${row['span_unique_id']}`);
  const isRoot = row['span_parent_id'] === null;
  return {
    id: isRoot ? trace : id,
    trace_id: trace,
    ...(isRoot ? {} : { parent_run_id: trace }),
    dotted_order: isRoot ? `${compact(start)}${trace}` : `${compact(start)}${trace}.${compact(start)}${id}`,
    name: row['span_name'],
    run_type: row['prompt_messages'] === undefined ? 'chain' : 'llm',
    start_time: start,
    end_time: row['timestamp'],
    inputs:
      row['prompt_messages'] === undefined ? JSON.parse(row['input']) : { messages: row['prompt_messages'] },
    outputs: { output: row['completion_message'] ?? row['output'] },
    extra: { metadata: { ...row['metadata'], ls_model_name: row['model'] } },
  };
}

/**
 * @param {string} digits 32 of them.
 */
function uuidOf(digits) {
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20)}`;
}

/**
 * A time as it stands in a dotted order.
 *
 * @param {string} time RFC 3339 with microseconds, in UTC.
 */
function compact(time) {
  return time.replaceAll(/[-:.]/g, '');
}
