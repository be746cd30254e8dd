import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';

// The file through a pipe, lines as they are, batches of 500 as arrays to the http destination, two of its workers. When
// its input ends it stops at once and drops what is queued, so the pipe stays open until everything has arrived. `parsed`
// has every line parsed as JSON on the way.
const [, , FILE = '', url = '', rows = '', variant = 'raw'] = process.argv;
const millisecondsBetweenLooks = 5;
const looksWithoutNews = 600;
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
      batch-lines(500) batch-bytes(5MiB) batch-timeout(20) workers(2) persist-name("sink") log-fifo-size(100000)
    );
  };
  flags(flow-control);
};
`,
);
const child = spawn(
  'sh',
  [
    '-c',
    `mkfifo lines
     syslog-ng --foreground --no-caps --cfgfile=syslog-ng.conf --persist-file=persist --pidfile=pid --control=control < lines &
     exec 3> lines
     cat "$FILE" >&3
     echo fed
     read -r arrived
     exec 3>&-
     wait $!`,
  ],
  { env: { ...process.env, FILE }, stdio: ['pipe', 'pipe', 'inherit'] },
);
const closed = once(child, 'close');
await spansSoFar();
await Promise.race([once(child.stdout, 'data'), closed]);
await arrival(Number(rows));
child.stdin.end('\n');
const [exitCode] = await closed;
process.exitCode = exitCode ?? 1;

/**
 * Waits until all spans are at the sink, or until for a while none has come.
 *
 * @param {number} expected
 */
async function arrival(expected) {
  let arrived = await spansSoFar();
  for (let quietLooks = 0; arrived < expected && quietLooks < looksWithoutNews; quietLooks += 1) {
    await setTimeout(millisecondsBetweenLooks);
    const spans = await spansSoFar();
    if (spans > arrived) quietLooks = 0;
    arrived = spans;
  }
}

async function spansSoFar() {
  const response = await fetch(`${url}/so-far`);
  /** @type {import('../sink/start-sink.js').Totals} */
  const { spans } = JSON.parse(await response.text());
  return spans;
}
