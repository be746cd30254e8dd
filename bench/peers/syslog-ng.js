import { writeFile } from 'node:fs/promises';

import { shell } from './shell.js';

// The file through a pipe, lines as they are, batches of 500 as arrays to the http destination, two of its workers; it
// ends with the file. `parsed` has every line parsed as JSON on the way.
const [, , FILE = '', url = '', variant = 'raw'] = process.argv;
const parser = variant === 'parsed' ? 'parser { json-parser(prefix(".row.")); };' : '';

await writeFile(
  'syslog-ng.conf',
  `@version: 3.38
options { log-msg-size(16MiB); stats-freq(0); use-dns(no); dns-cache(no); };
log {
  source { stdin(flags(no-parse) log-fetch-limit(1000) log-iw-size(20000)); };
  ${parser}
  destination {
    http(
      url("${url}/v1/traces/ingest") method("POST") headers("Content-Type: application/json", "Authorization: Bearer bench")
      body("$MSG") body-prefix("[") delimiter(",") body-suffix("]")
      batch-lines(500) batch-bytes(5MiB) batch-timeout(1000) workers(2) persist-name("sink") log-fifo-size(100000)
    );
  };
  flags(flow-control);
};
`,
);
await shell(
  'cat "$FILE" | syslog-ng --foreground --no-caps --cfgfile=syslog-ng.conf --persist-file=persist --pidfile=pid --control=control',
  { FILE },
);
