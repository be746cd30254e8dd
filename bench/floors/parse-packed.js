import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

// The read floor of a file that is packed with gzip: unpack, split at newlines, parse.
const [, , file = ''] = process.argv;
const lineFeed = 10;
const chunkBytes = 256 * 1024;

let rows = 0;
let rest = Buffer.alloc(0);
const packed = createReadStream(file, { highWaterMark: chunkBytes });
for await (const chunk of packed.pipe(createGunzip({ chunkSize: chunkBytes }))) {
  const block = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
  let start = 0;
  for (let feed = block.indexOf(lineFeed); feed !== -1; feed = block.indexOf(lineFeed, start)) {
    JSON.parse(block.toString('utf8', start, feed));
    rows += 1;
    start = feed + 1;
  }
  rest = block.subarray(start);
}
console.log(JSON.stringify({ rows }));
