import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, onTestFinished, test } from 'vitest';

import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';
import { runCommand, runForReport, start, temporaryFolder, outputOf } from '../support/command.js';
import { jsonLines, nativeRow, nativeRows } from '../support/native-rows.js';

const env = { ADALINE_API_KEY: 'test-key', ADALINE_PROJECT_ID: 'project-of-these-tests' };
const adaline = ['--target', 'adaline'];

async function sandbox(): Promise<Sandbox> {
  const started = await startSandbox({ port: 0 });
  onTestFinished(() => started.close());
  return started;
}

/** A folder with an import of four traces in `spans.jsonl`. */
function inputFolder(rows: readonly unknown[] = nativeRows(20)): string {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'spans.jsonl'), jsonLines(rows));
  return cwd;
}

describe('an import into Adaline', () => {
  test('takes key, project and address from the environment, and verifies', async () => {
    const server = await sandbox();
    const cwd = inputFolder();
    const environment = { ...env, ADALINE_API_URL: `${server.url}/v2` };
    const run = await runCommand(['spans.jsonl', ...adaline, '--verify'], { cwd, env: environment });
    expect(run.stderr).not.toContain('error');
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/^ingested_spans +20$/m);
    expect(run.stdout).toMatch(/^created_traces +4$/m);
    expect(run.stdout).toMatch(/^verified 4 of 4 traces complete$/m);
    expect(run.stdout).not.toContain('Respan');
    expect(server.adaline.totals()).toEqual({ traces: 4, spans: 20, repeated: 0 });
  });

  test('knows projects of one key apart', async () => {
    const server = await sandbox();
    const cwd = inputFolder();
    const flags = ['spans.jsonl', ...adaline, '--base-url', server.url];
    expect((await runForReport(flags, { cwd, env })).summary.spans.ingested).toBe(20);
    const again = await runForReport(flags, { cwd, env });
    expect(again.summary).toMatchObject({ target: 'adaline', spans: { already_imported: 20, ingested: 0 } });
    const other = await runForReport([...flags, '--project-id', 'another-project-of-it'], { cwd, env });
    expect(other.summary.spans.ingested).toBe(20);
    expect(server.adaline.totals()).toMatchObject({ traces: 8, spans: 40 });
  });

  test('rehearses with --sandbox, without key and project', async () => {
    const { summary } = await runForReport(['spans.jsonl', ...adaline, '--sandbox', '--verify'], {
      cwd: inputFolder(),
    });
    expect(summary).toMatchObject({ exit_code: 0, ingested_spans: 20, verification: { complete: 4 } });
  });

  test('is kept to 8 requests a second, or to what --rate-limit says', async () => {
    const cwd = inputFolder();
    const dryRun = async (...more: string[]) =>
      (await runForReport(['spans.jsonl', ...adaline, '--dry-run', ...more], { cwd })).summary.upload;
    expect(await dryRun()).toMatchObject({ requests: 4, seconds: 0.375 });
    expect(await dryRun('--rate-limit', '1/s')).toMatchObject({ requests: 4, seconds: 3 });
    expect(await dryRun('--rate-limit', '1000 spans/s')).toMatchObject({ seconds: 0.375 });
  });

  test('tells what the rules of Adaline do and refuse in a dry run as in an import', async () => {
    const long = 'x'.repeat(200);
    const cwd = inputFolder([
      nativeRow({ span_unique_id: long, timestamp: '2025-06-05T10:00:00.000001Z' }),
      nativeRow({ span_unique_id: 'orphan', span_parent_id: 'nobody' }),
      nativeRow({ span_unique_id: 'large', output: 'x'.repeat(1_100_000) }),
    ]);
    const flags = ['spans.jsonl', ...adaline];
    const planned = await runForReport([...flags, '--dry-run', '--rejects', 'rejects'], { cwd });
    const sent = await runForReport([...flags, '--sandbox'], { cwd });
    for (const { code, summary } of [planned, sent]) {
      expect(code).toBe(1);
      expect(summary.rows).toMatchObject({
        used: 2,
        rejected: 1,
        rejected_by_code: { content_too_large: 1 },
      });
      expect(summary.notes).toMatchObject({ id_hashed: 1, times_clamped: 1, parent_moved: 1 });
    }
    expect(planned.summary.upload.requests).toBe(1);
    const cut = await runForReport([...flags, '--sandbox', '--on-oversize', 'truncate'], { cwd });
    expect(cut.summary).toMatchObject({ exit_code: 0, warnings: { content_truncated: 1 } });
    const strict = await runForReport([...flags, '--dry-run', '--on-oversize', 'truncate', '--strict'], {
      cwd,
    });
    expect(strict.summary.rows.rejected_by_code).toMatchObject({ content_truncated: 1, orphan_parent: 1 });
  });
});

describe('before anything is read', () => {
  const refusals: [string, string[], Record<string, string>][] = [
    ['no_project', adaline, { ADALINE_API_KEY: 'key' }],
    ['no_api_key', adaline, { ADALINE_PROJECT_ID: 'project-of-these-tests', RESPAN_API_KEY: 'key' }],
    ['bad_project_id', [...adaline, '--project-id', 'two words'], env],
    ['bad_project_id', [...adaline, '--project-id', ''], env],
    ['bad_project_id', [...adaline, '--project-id', 'nineteen-characters'], env],
    ['bad_project_id', adaline, { ...env, ADALINE_PROJECT_ID: 'x'.repeat(81) }],
    ['bad_option', [...adaline, '--batch-spans', '10'], env],
    ['bad_option', [...adaline, '--profile', 'mine'], env],
    ['bad_option', ['--project-id', 'project'], { RESPAN_API_KEY: 'key' }],
    ['bad_option', ['--on-oversize', 'truncate'], { RESPAN_API_KEY: 'key' }],
    ['bad_option', ['--prompt-id', 'p'], { RESPAN_API_KEY: 'key' }],
    ['bad_option', ['--deployment-id', 'd'], { RESPAN_API_KEY: 'key' }],
    ['bad_option', ['--run-evaluation'], { RESPAN_API_KEY: 'key' }],
    ['bad_option', ['--adaline-events'], { RESPAN_API_KEY: 'key' }],
    ['bad_option', ['--verify'], { RESPAN_API_KEY: 'key' }],
    ['bad_base_url', [...adaline, '--base-url', 'elsewhere'], env],
    ['plain_http', adaline, { ...env, ADALINE_API_URL: 'http://adaline.example' }],
  ];

  test.each(refusals)('%s with %j is told', async (code, flags, environment) => {
    // A folder in place of the input: whoever reads it finds nothing to import.
    const cwd = temporaryFolder();
    mkdirSync(path.join(cwd, 'input'));
    const run = await runCommand(['missing.jsonl', ...flags], { cwd, env: environment });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(`(${code})`);
    expect(run.stdout).toBe('');
  });
});

test('the sandbox is imported into, and what it holds can be imported again', async () => {
  const cwd = inputFolder();
  const { child, finished } = start(['sandbox', '--port', '0', '--adaline-errors', 'text'], { cwd });
  const listening = outputOf(child.stdout!, 'Ctrl-C');
  let said = '';
  child.stdout!.on('data', (text: string) => (said += text));
  await listening;
  const url = /listening on (\S+)/.exec(said)?.[1] ?? '';
  const { summary } = await runForReport(['spans.jsonl', ...adaline, '--base-url', url, '--verify'], {
    cwd,
    env,
  });
  expect(summary).toMatchObject({ exit_code: 0, ingested_spans: 20 });

  const read = async (operation: string): Promise<string> => {
    const response = await fetch(`${url}/v2/logs/${operation}`, {
      method: 'POST',
      headers: { authorization: 'Bearer test-key', 'content-type': 'application/json' },
      body: JSON.stringify({ projectId: env.ADALINE_PROJECT_ID, limit: 200 }),
    });
    return response.text();
  };
  writeFileSync(path.join(cwd, 'traces.json'), await read('traces'));
  writeFileSync(path.join(cwd, 'exported.json'), await read('spans'));
  child.kill('SIGINT');
  await finished;
  const back = await runForReport(['traces.json', 'exported.json', '--sandbox'], { cwd });
  expect(back.summary).toMatchObject({ exit_code: 0, traces: 4, spans: { planned: 20, ingested: 20 } });
  expect(back.summary.inputs.map(({ source }) => source)).toEqual(['adaline', 'adaline']);
});

function toMillisecond(time: unknown): number {
  return Math.floor(Date.parse(String(time)));
}

/** What must come back as it went: the documents name what else Adaline has no place for. */
function essence(span: Record<string, unknown>): unknown {
  const { trace_unique_id, span_unique_id, span_name, model, prompt_tokens, completion_tokens, cost } = span;
  return {
    ids: [trace_unique_id, span_unique_id, span['span_parent_id'] ?? null],
    times: [toMillisecond(span['start_time']), toMillisecond(span['timestamp'])],
    call: [span_name, model, prompt_tokens, completion_tokens, cost],
    content: [span['input'], span['output'], span['prompt_messages'], span['completion_message']],
  };
}

test('what goes through Adaline comes back into Respan as it was', async () => {
  const cwd = temporaryFolder();
  const fixture = fileURLToPath(new URL('../../fixtures/agent-spans.jsonl', import.meta.url));
  const server = await sandbox();
  const respan = { RESPAN_API_KEY: 'key', RESPAN_BASE_URL: server.url };
  const into = [fixture, ...adaline, '--base-url', server.url, '--rate-limit', '1000/s'];
  expect((await runForReport(into, { cwd, env })).code).toBe(0);
  const headers = { authorization: 'Bearer key', 'content-type': 'application/json' };
  const body = JSON.stringify({ projectId: env.ADALINE_PROJECT_ID });
  const exported = await fetch(`${server.url}/v2/logs/spans`, { method: 'POST', headers, body });
  writeFileSync(path.join(cwd, 'exported.json'), await exported.text());
  const back = await runForReport(['exported.json'], { cwd, env: respan });
  expect(back.summary).toMatchObject({ exit_code: 0, spans: { ingested: 10 } });

  const original = readFileSync(fixture, 'utf8').trimEnd().split('\n');
  for (const line of original) {
    const sent: Record<string, unknown> = JSON.parse(line);
    const trace = server.store.trace(String(sent['trace_unique_id'])) ?? [];
    const returned = trace.find((span) => span.span_unique_id === sent['span_unique_id']);
    expect(essence(Object(returned))).toEqual(essence(sent));
  }
});

test('status tells of the runs of a project, and how to resume one', async () => {
  const cwd = inputFolder();
  const server = await startSandbox({ port: 0 });
  const flags = ['spans.jsonl', ...adaline, '--base-url', server.url];
  expect((await runForReport(flags, { cwd, env })).code).toBe(0);
  await server.close();
  const { stdout } = await runCommand(['status'], { cwd, env });
  expect(stdout).toContain('/v2/logs/trace · project project-of-these-tests');
  expect(stdout).toContain('20 spans · 4 traces');
});
