import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { schemaViolations } from '../report/schema-violations.js';
import { runCommand, runForReport, start, temporaryFolder, type Finished } from '../support/command.js';
import { jsonLines, nativeRows } from '../support/native-rows.js';
import {
  held,
  ok,
  scriptedServer,
  status,
  type Script,
  type ScriptedServer,
} from '../support/scripted-server.js';

const key = 'sk-marked-key-4711';
const env = { RESPAN_API_KEY: key };

/** A folder with rows, and a server that takes them. */
class Migration {
  readonly cwd = temporaryFolder();

  constructor(
    readonly server: ScriptedServer,
    spans: number,
  ) {
    writeFileSync(path.join(this.cwd, 'rows.jsonl'), jsonLines(nativeRows(spans)));
  }

  args(...more: string[]): string[] {
    return [
      'rows.jsonl',
      '--base-url',
      this.server.url,
      '--batch-spans',
      '10',
      '--concurrency',
      '1',
      ...more,
    ];
  }

  run(...args: string[]): Promise<Finished> {
    return runCommand(args, { cwd: this.cwd, env });
  }

  async status(): Promise<Status> {
    const { stdout } = await this.run('status', '--json');
    return JSON.parse(stdout);
  }
}

interface Status {
  destinations: {
    id: string;
    runs: (Record<string, unknown> & { resume: { command: string } | null; run: string })[];
  }[];
}

async function migration(spans: number, script?: Script): Promise<Migration> {
  const server = await scriptedServer(script);
  onTestFinished(() => server.close());
  return new Migration(server, spans);
}

/** A run that is in the middle of its second batch. */
async function running(): Promise<{
  job: Migration;
  first: ReturnType<typeof start>;
  gate: { release(): void };
}> {
  const gate = held(ok());
  const job = await migration(50, [ok(), gate]);
  const first = start(job.args(), { cwd: job.cwd, env });
  await Promise.race([job.server.received(2), first.finished]);
  return { job, first, gate };
}

describe('a second process', () => {
  test('on the same spans is refused, whatever its file is called, and sends nothing', async () => {
    const { job, first, gate } = await running();
    writeFileSync(path.join(job.cwd, 'copy.jsonl'), jsonLines(nativeRows(60).toReversed()));
    const args = job.args().map((argument) => (argument === 'rows.jsonl' ? 'copy.jsonl' : argument));
    const { code, summary } = await runForReport(args, { cwd: job.cwd, env });
    expect(code).toBe(5);
    expect(summary).toMatchObject({
      stopped: { code: 'already_running', message: expect.stringContaining(`process ${first.child.pid}`) },
      spans: { planned: 60, already_imported: 10, held_back: 50 },
    });
    expect(job.server.requests).toHaveLength(2);
    gate.release();
    expect((await first.finished).code).toBe(0);
    const again = await runForReport(args, { cwd: job.cwd, env });
    expect(again.summary.spans).toMatchObject({ ingested: 10, already_imported: 50 });
  });

  test('on other spans of the same file goes on beside it', async () => {
    const { job, first, gate } = await running();
    writeFileSync(
      path.join(job.cwd, 'other.jsonl'),
      jsonLines(nativeRows(5).map((row) => ({ ...row, trace_unique_id: 'x' }))),
    );
    const { code } = await job.run('other.jsonl', '--base-url', job.server.url);
    expect(code).toBe(0);
    gate.release();
    expect((await first.finished).code).toBe(0);
  });

  test('after a kill -9 takes over at once', async () => {
    const { job, first } = await running();
    first.child.kill('SIGKILL');
    await first.finished;
    const killed = await job.status();
    expect(killed.destinations[0]?.runs).toMatchObject([
      { state: 'unfinished', acknowledged: 10, ended: null, process: null },
    ]);
    const { summary } = await runForReport(job.args(), { cwd: job.cwd, env });
    expect(summary.spans).toMatchObject({ already_imported: 10, ingested: 40 });
    const after = await job.status();
    expect(after.destinations[0]?.runs).toMatchObject([
      { state: 'continued' },
      { state: 'finished', acknowledged: 40, continues: [killed.destinations[0]?.runs[0]?.run] },
    ]);
  });

  test('of two that are started together, both end, and no span is sent twice', async () => {
    const job = await migration(100);
    const runs = [start(job.args(), { cwd: job.cwd, env }), start(job.args(), { cwd: job.cwd, env })];
    const codes = (await Promise.all(runs.map(({ finished }) => finished))).map(({ code }) => code);
    expect([
      [0, 0],
      [0, 5],
      [5, 0],
    ]).toContainEqual(codes);
    expect(job.server.spans()).toHaveLength(100);
  });
});

describe('status', () => {
  test('tells of a run that goes on, and of its process', async () => {
    const { job, first, gate } = await running();
    expect((await job.status()).destinations[0]?.runs).toMatchObject([
      { state: 'running', acknowledged: 10, to_send: 50, process: { pid: first.child.pid } },
    ]);
    gate.release();
    await first.finished;
  });

  test('gives the very command that resumes an unfinished run, without the key', async () => {
    const job = await migration(30, [ok(), status(404)]);
    expect((await job.run(...job.args('--api-key', key, '--retry-for', '0'))).code).toBe(5);
    const { destinations } = await job.status();
    expect(destinations).toMatchObject([
      {
        runs: [
          { state: 'unfinished', acknowledged: 10, held_back: 20, inputs: ['rows.jsonl'], input_count: 1 },
        ],
      },
    ]);
    const command = destinations[0]?.runs[0]?.resume?.command ?? '';
    expect(command).toBe(
      `cd ${job.cwd} && respan-import rows.jsonl --base-url ${job.server.url} --batch-spans 10 --concurrency 1 --retry-for 0`,
    );
    const text = await job.run('status');
    expect(text.stdout).toContain(command);
    const args = command.slice(command.indexOf('respan-import ') + 14).split(' ');
    const { summary } = await runForReport(args, { cwd: job.cwd, env });
    expect(summary.spans).toMatchObject({ already_imported: 10, ingested: 20 });
  });

  test('is described by its schema, empty and full', async () => {
    const schema: unknown = JSON.parse(
      readFileSync(new URL('../../schema/status.schema.json', import.meta.url), 'utf8'),
    );
    const { job, first, gate } = await running();
    for (const at of ['running', 'finished']) {
      const { stdout } = await job.run('status', '--json');
      expect(stdout).toContain(`"state": "${at}"`);
      expect(schemaViolations(schema, JSON.parse(stdout))).toEqual([]);
      gate.release();
      await first.finished;
    }
    const empty = await runCommand(['status', '--json'], { cwd: temporaryFolder() });
    expect(schemaViolations(schema, JSON.parse(empty.stdout))).toEqual([]);
  });

  test('lists the trace ids of a run as they were sent, each once', async () => {
    const job = await migration(30);
    await job.run(...job.args('--remap-ids', '--batch-spans', '4'));
    const [{ run, traces } = { run: '', traces: 0 }] = (await job.status()).destinations[0]?.runs ?? [];
    const sent = new Set(job.server.spans().map((span) => span['trace_unique_id']));
    expect(traces).toBe(6);
    for (const name of [run, run.slice(-8)]) {
      const { stdout } = await job.run('status', '--run', name, '--traces');
      const listed = stdout.trimEnd().split('\n');
      expect(listed).toHaveLength(sent.size);
      expect(new Set(listed)).toEqual(sent);
    }
  });

  test('lists them too where the server names none', async () => {
    const job = await migration(10, () => ok({ trace_ids: undefined }));
    await job.run(...job.args());
    const { run = '' } = (await job.status()).destinations[0]?.runs[0] ?? {};
    const { stdout } = await job.run('status', '--run', run, '--traces');
    expect(stdout).toBe('trace-0\ntrace-1\n');
  });

  test.each([
    [['status', '--traces'], 'bad_option'],
    [['status', '--run', 'nothing'], 'no_such_run'],
    [['forget'], 'bad_option'],
    [['forget', '--all', '--run', 'x'], 'bad_option'],
    [['forget', '--run', ''], 'no_such_run'],
    [['forget', '--destination', 'nowhere'], 'no_such_destination'],
  ])('%j is a usage error', async (args, expected) => {
    const { code, stderr } = await runCommand(args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`(${expected})`)]);
  });

  test('leaves no folder where there was none', async () => {
    const cwd = temporaryFolder();
    const { code } = await runCommand(['status'], { cwd });
    expect(code).toBe(0);
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe('forget', () => {
  test('a run: its spans are sent again, those of other runs are not', async () => {
    const job = await migration(20);
    await job.run(...job.args('--limit', '10'));
    await job.run(...job.args());
    const [first, second] = (await job.status()).destinations[0]?.runs ?? [];
    const { code, stdout } = await job.run('forget', '--run', second?.run ?? '', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ forgotten: [{ run: second?.run, acknowledged: 10 }] });
    expect((await job.status()).destinations[0]?.runs.map(({ run }) => run)).toEqual([first?.run]);
    const { summary } = await runForReport(job.args(), { cwd: job.cwd, env });
    expect(summary.spans).toMatchObject({ already_imported: 10, ingested: 10 });
  });

  test.each([['--all'], ['--destination', 'production']])(
    '%s %s: what it held is sent again',
    async (...args) => {
      const job = await migration(20);
      await job.run(...job.args('--destination-name', 'production'));
      const { code, stdout } = await job.run('forget', ...args);
      expect([code, stdout]).toEqual([0, expect.stringContaining('forgot 1 run')]);
      expect((await job.status()).destinations).toEqual([]);
      const { summary } = await runForReport(job.args('--destination-name', 'production'), {
        cwd: job.cwd,
        env,
      });
      expect(summary.spans).toMatchObject({ ingested: 20 });
    },
  );

  test('is refused while the run goes on, and forgets nothing', async () => {
    const { job, first, gate } = await running();
    const { code, stderr } = await job.run('forget', '--all');
    expect([code, stderr]).toEqual([3, expect.stringContaining('(run_alive)')]);
    gate.release();
    expect((await first.finished).code).toBe(0);
    expect((await job.status()).destinations[0]?.runs).toMatchObject([
      { state: 'finished', acknowledged: 50 },
    ]);
  });
});

test('a run with a random seed is gone on with under the same seed, though its file was renamed and grew', async () => {
  const job = await migration(30, [ok(), status(404)]);
  await job.run(...job.args('--remap-ids', '--batch-spans', '12'));
  renameSync(path.join(job.cwd, 'rows.jsonl'), path.join(job.cwd, 'moved.jsonl'));
  const moved = job.args('--remap-ids').map((argument) => argument.replace('rows.jsonl', 'moved.jsonl'));
  const { summary } = await runForReport(moved, { cwd: job.cwd, env });
  expect(summary.spans).toMatchObject({ already_imported: 10, ingested: 20 });
  const accepted = job.server.requests.filter(({ number }) => number !== 2).flatMap(({ spans }) => spans);
  expect(accepted).toHaveLength(30);
  expect(new Set(accepted.map((span) => span['trace_unique_id'])).size).toBe(6);
});

test('nothing of the state folder can be read by others or holds the key', async () => {
  const { job, first } = await running();
  const files = filesBelow(path.join(job.cwd, 'state'));
  expect(files.map(({ name }) => path.extname(name)).sort()).toEqual(['.claim', '.jsonl', '.owner', '.turn']);
  for (const { mode, text, folderMode } of files) {
    expect([mode, folderMode]).toEqual([0o600, 0o700]);
    expect(text).not.toContain(key);
  }
  first.child.kill('SIGKILL');
  await first.finished;
});

interface StateFile {
  name: string;
  mode: number;
  folderMode: number;
  text: string;
}

function filesBelow(folder: string): StateFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => {
      const file = path.join(parentPath, name);
      return {
        name,
        mode: statSync(file).mode & 0o777,
        folderMode: statSync(parentPath).mode & 0o777,
        text: readFileSync(file, 'latin1'),
      };
    });
}
