import { mkdirSync } from 'node:fs';
import path from 'node:path';

import type { Summary } from '../../src/report/summary.js';
import { start, temporaryFolder } from '../support/command.js';
import type { IngestServer, ReceivedBody } from './ingest-server.js';
import type { Moment } from './moments.js';

/** How a run is disturbed: killed, asked to end, or asked twice. */
export type Blow = 'SIGKILL' | 'SIGINT' | 'SIGTERM' | 'SIGINT twice';

export interface Disturbance {
  kind: Blow;
  moment: Moment;
  /** True where the server loses what it has not stored by then, as if the client's death had cut the connections. */
  deafens: boolean;
}

export interface Run {
  /** What disturbed it; undefined where nothing did, or where the run was faster. */
  blow: Blow | undefined;
  code: number | null;
  /** The signal that ended the process, where one did. */
  signal: NodeJS.Signals | null;
  summary: Summary | undefined;
  stderr: string;
  bodies: readonly ReceivedBody[];
  /** Bodies that were stored and whose acknowledgement cannot be proven to be in the ledger. */
  open: readonly ReceivedBody[];
  /** Milliseconds from the start of the process to its first request (Infinity without one) and to its end. */
  took: { plan: number; whole: number };
}

export interface RunOptions {
  args: readonly string[];
  stdin?: Buffer;
  blow?: Disturbance | undefined;
  /** Tells this run's bodies from those of another at the same time. */
  isOwn?: (body: ReceivedBody) => boolean;
}

/** The folder of one import: its input, its state and its temporary files. */
export class ImportFolder {
  readonly cwd = temporaryFolder();
  readonly state = path.join(this.cwd, 'state');
  readonly temporary = path.join(this.cwd, 'tmp');

  constructor(readonly server: IngestServer) {
    mkdirSync(this.temporary);
  }

  file(name: string): string {
    return path.join(this.cwd, name);
  }

  /** Runs the program to its end, or to the blow. */
  async run(options: RunOptions): Promise<Run> {
    const { server, cwd } = this;
    const { isOwn = () => true } = options;
    const before = server.bodies.length;
    server.deaf = false;
    const started = performance.now();
    const took = { plan: Number.POSITIVE_INFINITY, whole: 0 };
    const onBegan = (): void => void (took.plan = performance.now() - started);
    server.events.once('began', onBegan);
    const fixed = ['--base-url', server.url, '--state-dir', this.state, '--json', '--no-progress'];
    const { child, finished } = start([...options.args, ...fixed], {
      cwd,
      env: { RESPAN_API_KEY: 'test-key', TMPDIR: this.temporary },
      ...(options.stdin === undefined ? {} : { stdin: options.stdin }),
    });
    const { blow } = options;
    let struck: Blow | undefined;
    const disarm = blow?.moment.arm(server, () => {
      struck = blow.kind;
      // One that may end in order goes on talking to the server.
      server.deaf = blow.deafens && blow.kind === 'SIGKILL';
      if (blow.kind !== 'SIGINT twice') child.kill(blow.kind);
      else {
        child.kill('SIGINT');
        child.stderr!.once('data', () => child.kill('SIGINT'));
      }
    });
    const { code, stdout, stderr } = await finished;
    took.whole = performance.now() - started;
    disarm?.();
    server.events.off('began', onBegan);
    await server.quiet();
    const bodies = server.bodies.slice(before).filter(isOwn);
    // The second interrupt may come after the drain that the first one began.
    const abrupt = child.signalCode !== null || (struck === 'SIGINT twice' && stdout === '');
    return {
      blow: struck,
      code,
      signal: child.signalCode,
      summary: stdout === '' ? undefined : JSON.parse(stdout),
      stderr,
      bodies,
      open: abrupt ? openBodies(bodies) : [],
      took,
    };
  }
}

/**
 * What was in flight when the client died, as far as it can be seen from here. A connection is used again only once the
 * answer to its last body has been read and remembered, so at most the last body of each connection is open.
 */
function openBodies(bodies: readonly ReceivedBody[]): ReceivedBody[] {
  const last = new Map(bodies.map((body) => [body.connection, body]));
  return [...last.values()].filter((body) => body.stored);
}
