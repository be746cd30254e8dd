import { createReadStream } from 'node:fs';

import { fromPeers } from './from-peers.js';

// The bulk helper as its page shows it for a file of JSON lines: the lines go through as text, 5 MB a request, five
// requests at once.
const [, , file = '', url = ''] = process.argv;
const { Client } = await fromPeers('@elastic/elasticsearch');
const { default: split } = await fromPeers('split2');

const client = new Client({ node: url });
const { successful, failed } = await client.helpers.bulk({
  datasource: createReadStream(file, { highWaterMark: 256 * 1024 }).pipe(split()),
  onDocument: () => ({ index: { _index: 'spans' } }),
});
await client.close();
if (failed > 0) throw new Error(`${failed} documents failed`);
console.log(JSON.stringify({ rows: successful }));
