import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, onTestFinished, test } from 'vitest';

import { startSandbox, type Sandbox } from '../../src/sandbox/server.js';
import type { Span } from '../../src/span/span.js';
import { runForReport, temporaryFolder } from '../support/command.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const projectId = 'project-of-these-tests';
const env = { ADALINE_API_KEY: 'test-key', RESPAN_API_KEY: 'test-key', ADALINE_PROJECT_ID: projectId };

async function sandbox(): Promise<Sandbox> {
  const started = await startSandbox({ port: 0 });
  onTestFinished(() => started.close());
  return started;
}

interface Page {
  pagination: { hasMore: boolean; nextCursor: string | null };
}

/** All pages of a list of Adaline, as lines. */
async function exported(url: string, list: 'traces' | 'spans'): Promise<string> {
  const lines: string[] = [];
  let cursor: string | undefined;
  do {
    const answer = await fetch(`${url}/v2/logs/${list}`, {
      method: 'POST',
      headers: { authorization: 'Bearer test-key', 'content-type': 'application/json' },
      body: JSON.stringify({ projectId, limit: 2, ...(cursor === undefined ? {} : { cursor }) }),
    });
    const text = await answer.text();
    const { pagination }: Page = JSON.parse(text);
    lines.push(`${text}\n`);
    cursor = pagination.hasMore ? (pagination.nextCursor ?? undefined) : undefined;
  } while (cursor !== undefined);
  return lines.join('');
}

/** All spans that a sandbox of Respan holds, by their ids. */
async function spansOf(url: string): Promise<Map<string, Span>> {
  const overview: { traces: { trace_unique_id: string }[] } = JSON.parse(
    await (await fetch(`${url}/traces`)).text(),
  );
  const spans = new Map<string, Span>();
  for (const { trace_unique_id: id } of overview.traces) {
    const trace: Span[] = JSON.parse(await (await fetch(`${url}/traces/${encodeURIComponent(id)}`)).text());
    for (const span of trace) spans.set(`${id} ${span.span_unique_id}`, span);
  }
  return spans;
}

/** To the millisecond, and to the one that is added where start and end are the same. */
function isNear(time: unknown, other: unknown): boolean {
  return time === other || Math.abs(Date.parse(String(time)) - Date.parse(String(other))) <= 1;
}

/** Names of the fields that differ, without the losses that the README documents. */
function differences(before: Span, after: Span): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => {
    const [one, other] = [before[name] ?? null, after[name] ?? null];
    if (name === 'start_time' || name === 'timestamp') return !isNear(one, other);
    // Objects are the same whatever the order of their keys.
    try {
      expect(other).toEqual(one);
      return false;
    } catch {
      return true;
    }
  });
}

test.each([
  ['fixtures/agent-spans.jsonl'],
  ['fixtures/chat-logs.csv'],
  ['fixtures/langfuse/trace-download.json'],
  ['fixtures/otlp/collector-file-exporter.jsonl'],
  ['fixtures/claude-code/session-with-subagent.jsonl'],
  ['fixtures/google-adk/session-with-parallel-calls.json'],
])('%s comes back from Adaline as it went straight to Respan', async (input) => {
  const [straight, between, back] = [await sandbox(), await sandbox(), await sandbox()];
  const folder = temporaryFolder();
  const run = async (files: string[], url: string, ...more: string[]) => {
    const flags = ['--base-url', url, '--state-dir', path.join(folder, new URL(url).port), ...more];
    const { code } = await runForReport([...files, ...flags], { cwd: root, env });
    expect(code).toBe(0);
  };
  await run([input], straight.url);
  await run([input], between.url, '--target', 'adaline', '--rate-limit', '500/s');
  const files = ['traces', 'spans'].map((list) => path.join(folder, `${list}.jsonl`));
  writeFileSync(files[0]!, await exported(between.url, 'traces'));
  writeFileSync(files[1]!, await exported(between.url, 'spans'));
  await run(files, back.url);

  const [before, after] = [await spansOf(straight.url), await spansOf(back.url)];
  expect(before.size).toBeGreaterThan(0);
  expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
  const changed = [...before].flatMap(([id, span]) => {
    const fields = differences(span, after.get(id)!);
    return fields.length === 0 ? [] : [[id, fields]];
  });
  expect(changed).toEqual([]);
});
