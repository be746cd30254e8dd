import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';

import { fromPeers } from '../peers/from-peers.js';

// StreamArray of stream-json, tuned: values packed and not streamed in pieces. Elements of an array, or of `data` in a
// document around it, and nothing done with them. Functions in one chain, fed with chunks of 64 KiB, were the fastest.
const [, , file = '', shape = 'array'] = process.argv;
const { chain } = await fromPeers('stream-chain');
const { parser } = await fromPeers('stream-json/parser.js');
const { pick } = await fromPeers('stream-json/filters/pick.js');
const { streamArray } = await fromPeers('stream-json/streamers/stream-array.js');

const elements = chain([
  parser({ packValues: true, streamValues: false }),
  ...(shape === 'wrapper' ? [pick({ filter: 'data' })] : []),
  streamArray(),
]);
pipeline(createReadStream(file), elements, () => {
  // An error also rejects below.
});
let rows = 0;
elements.on('data', () => (rows += 1));
await new Promise((resolve, reject) => elements.once('end', resolve).once('error', reject));
console.log(JSON.stringify({ rows }));
