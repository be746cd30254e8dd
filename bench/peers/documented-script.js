import { readFileSync } from 'node:fs';

// The script of the public documentation ("Ingest traces from logs", TypeScript) with the payload read from a file: all of
// it in one request. It stops at V8's longest string, some 500 MB.
const [, , file = '', url = ''] = process.argv;
const payload = readFileSync(file, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));
const headers = { Authorization: 'Bearer bench', 'Content-Type': 'application/json' };

const response = await fetch(`${url}/v1/traces/ingest`, {
  method: 'POST',
  headers,
  body: JSON.stringify(payload),
});
if (!response.ok) throw new Error(`the sink answered ${response.status}`);
await response.json();
console.log(JSON.stringify({ rows: payload.length }));
