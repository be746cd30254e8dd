import { readLines } from './lines.js';
import { Poster } from './poster.js';

// The read floor, and the original bytes of the rows in bodies of 500: an importer that checks nothing but that a row is
// JSON, remembers nothing, and sends before it has read to the end.
const [, , file = '', url = ''] = process.argv;
const rowsPerBody = 500;

const poster = new Poster(url);
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
await poster.finish();
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
  const sent = body;
  await poster.send(sent.subarray(0, length + 1), () => spare.push(sent));
  body = spare.pop() ?? Buffer.allocUnsafe(4 * 1024 * 1024);
  length = 0;
  pending = 0;
}
