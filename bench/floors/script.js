import { readLines } from './lines.js';
import { mappings } from './mappings.js';
import { Poster } from './poster.js';

// What a good engineer would write in an afternoon: read lines, parse, map to spans, stringify, POST, on one thread and
// without holding the file. No checks beyond that a row is JSON, no order of traces, no retries, no memory of what was
// sent. Reader and client are those of the floors.
const [, , file = '', url = '', shape = ''] = process.argv;
const rowsPerBody = 500;
const map = mappings.get(shape);
if (map === undefined) throw new Error(`no mapping for ${shape}`);

const poster = new Poster(url);
/** @type {object[]} */
let spans = [];
let rows = 0;

for await (const lines of readLines(file)) {
  for (const line of lines) {
    spans.push(map(JSON.parse(line.toString())));
    rows += 1;
    if (spans.length === rowsPerBody) await send();
  }
}
if (spans.length > 0) await send();
await poster.finish();
console.log(JSON.stringify({ rows }));

async function send() {
  await poster.send(Buffer.from(JSON.stringify(spans)));
  spans = [];
}
