import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

import { describe, expect, test } from 'vitest';

import { cellsOf } from '../../src/report/cells.js';
import type { TreeDocument } from '../../src/report/tree/tree-json.js';
import { runCommand, start, temporaryFolder } from '../support/command.js';
import { jsonLines, nativeRow, nativeRows } from '../support/native-rows.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const program = path.join(root, 'bin/respan-import.js');
const escape = '\u001b';

/** `script` gives a program a real terminal; it comes with every Linux that has util-linux. */
const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

function folderWith(rows: readonly unknown[]): string {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'rows.jsonl'), jsonLines(rows));
  return cwd;
}

const widest = (text: string): number => Math.max(...text.split('\n').map((line) => cellsOf(line)));

describe('tree', () => {
  test('draws traces of any source, plain and no wider than 100 columns in a pipe', async () => {
    const run = await runCommand(['tree', 'fixtures/agent-spans.jsonl', 'fixtures/chat-logs.csv'], {
      cwd: root,
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).not.toContain(escape);
    expect(run.stdout.match(/^trace /gm)).toHaveLength(7);
    expect(run.stdout).toMatch(/^├─ lookup_order +tool .* 204 ms /m);
    expect(widest(run.stdout)).toBe(100);
  });

  test.skipIf(!hasScript)('fits the window of a terminal, in colour (needs `script`)', () => {
    const cwd = folderWith(nativeRows(20));
    const command = `stty cols 62; ${process.execPath} ${program} tree rows.jsonl`;
    const shown = execFileSync('script', ['-qefc', command, '/dev/null'], {
      cwd,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', HOME: cwd, TERM: 'xterm' },
    });
    expect(shown).toContain(`${escape}[1m`);
    const drawn = stripVTControlCharacters(shown).replaceAll('\r', '');
    expect(widest(drawn)).toBe(62);
    expect(drawn).toMatch(/^└─ openai\.chat .*━$/m);
  });

  test('--ascii draws with nothing beyond ASCII', async () => {
    const run = await runCommand(['tree', 'fixtures/agent-spans.jsonl', '--ascii', '--limit-traces', '1'], {
      cwd: root,
    });
    expect(run.stdout).toMatch(/^[\n\u0020-\u007e]*$/);
    expect(run.stdout).toMatch(/^`- openai\.chat .*=$/m);
  });

  test('--json lists every span after its parent', async () => {
    const run = await runCommand(['tree', 'fixtures/agent-spans.jsonl', '--json', '--limit-traces', '1'], {
      cwd: root,
    });
    const document: TreeDocument = JSON.parse(run.stdout);
    expect(document).toMatchObject({ version: 1, traces_in_input: 3, spans_in_input: 10, exit_code: 0 });
    expect(
      document.traces.map(({ spans }) => spans.map(({ depth, span_name }) => [depth, span_name])),
    ).toEqual([
      [
        [0, 'support_agent.workflow'],
        [1, 'openai.chat'],
        [1, 'lookup_order'],
        [1, 'openai.chat'],
      ],
    ]);
  });

  test('draws the trace that is asked for, by the beginning of its id', async () => {
    const run = await runCommand(['tree', 'rows.jsonl', '--trace', 'trace-3'], {
      cwd: folderWith(nativeRows(20)),
    });
    expect(run.stdout.match(/^trace \S+/gm)).toEqual(['trace trace-3']);
    expect(run.stdout).not.toContain('of 4 traces');
  });

  test('a trace that is not there exits with 2 and names others; stdout stays empty', async () => {
    const cwd = folderWith(nativeRows(20));
    const missing = await runCommand(['tree', 'rows.jsonl', '--trace', 'nothing'], { cwd });
    expect(missing).toMatchObject({ code: 2, stdout: '' });
    expect(missing.stderr).toContain('(no_such_trace)');
    expect(missing.stderr).toContain('trace-0');
    const ambiguous = await runCommand(['tree', 'rows.jsonl', '--trace', 'trace', '--json'], { cwd });
    expect(ambiguous).toMatchObject({ code: 2, stdout: '' });
    expect(ambiguous.stderr).toContain('(ambiguous_trace)');
  });

  test('draws parents that an import would infer, and how they were found; --infer-parents never draws roots', async () => {
    const times = { trace_id: 't', start_time: '2025-06-05T10:00:00Z', end_time: '2025-06-05T10:00:09Z' };
    const within = { ...times, start_time: '2025-06-05T10:00:01Z', end_time: '2025-06-05T10:00:04Z' };
    const cwd = folderWith([
      { ...times, span_id: 'a', name: 'agent.run' },
      { ...within, span_id: 'b', name: 'look up' },
    ]);
    const drawn = await runCommand(['tree', 'rows.jsonl'], { cwd });
    expect(drawn.stdout).toMatch(/^└─ look up ~ +task /m);
    expect(drawn.stdout).toContain('inferred from times');
    const roots = await runCommand(['tree', 'rows.jsonl', '--infer-parents', 'never'], { cwd });
    expect(roots.stdout).toMatch(/^look up +workflow /m);
  });

  test('--limit-traces, --depth and --all choose how much is drawn', async () => {
    const children = Array.from({ length: 9 }, (_, place) =>
      nativeRow({ span_unique_id: `c${place}`, span_parent_id: 'span-1', span_name: 'retrieve' }),
    );
    const cwd = folderWith([nativeRow(), ...children, ...nativeRows(20)]);
    const lines = async (...args: string[]): Promise<string[]> =>
      (await runCommand(['tree', 'rows.jsonl', '--limit-traces', '1', ...args], { cwd })).stdout.split('\n');
    const folded = await lines();
    expect(folded.filter((line) => line.includes('retrieve'))).toHaveLength(4);
    expect(folded.join('\n')).toMatch(/6 more retrieve[^]*1 of 4 traces/);
    expect((await lines('--all')).filter((line) => line.includes('retrieve'))).toHaveLength(9);
    expect((await lines('--depth', '1')).join('\n')).toMatch(/^agent\.workflow \(\+9\) /m);
  });

  test('tells of rejected rows and exits with 1, of nothing at all and exits with 0', async () => {
    const cwd = folderWith([nativeRow(), nativeRow({ span_unique_id: 'bad', start_time: 'yesterday' })]);
    const run = await runCommand(['tree', 'rows.jsonl'], { cwd });
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('rows.jsonl:2');
    expect(run.stdout).toContain('1 row was rejected');
    const empty = await runCommand(['tree', '-'], { stdin: '' });
    expect(empty).toMatchObject({ code: 0 });
    expect(empty.stdout).toContain('no trace');
  });

  test('draws a chain of 10,000 spans and 100,000 siblings', async () => {
    const chain = Array.from({ length: 10_000 }, (_, place) =>
      nativeRow({ span_unique_id: `c${place}`, span_parent_id: place === 0 ? null : `c${place - 1}` }),
    );
    const deep = await runCommand(['tree', 'rows.jsonl'], { cwd: folderWith(chain) });
    expect(deep.stdout.match(/agent\.workflow/g)).toHaveLength(10_000);
    expect(deep.stdout).toContain('…9999 └─ agent.workflow');
    expect(widest(deep.stdout)).toBe(100);
    const wide = await runCommand(['tree', 'rows.jsonl'], { cwd: folderWith(nativeRows(100_000, 100_000)) });
    expect(wide.stdout).toContain('└─ … 99,996 more openai.chat');
  });

  test('leaves nothing behind', async () => {
    const cwd = temporaryFolder();
    await runCommand(['tree', '-'], { cwd, stdin: jsonLines(nativeRows(5)) });
    expect(existsSync(path.join(cwd, 'state'))).toBe(false);
  });

  test('ends early where the reader goes away', async () => {
    const { child, finished } = start(['tree', 'rows.jsonl', '--all'], {
      cwd: folderWith(nativeRows(50_000, 50_000)),
    });
    child.stdout?.once('data', () => child.stdout?.destroy());
    expect(await finished).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('a dry run', () => {
  const orphan = nativeRow({
    trace_unique_id: 'trace-3',
    span_unique_id: 'orphan',
    span_parent_id: 'lost',
    span_name: 'answer',
  });

  test('draws the first traces, between the equations and the rest', async () => {
    const run = await runCommand(['rows.jsonl', '--dry-run'], { cwd: folderWith(nativeRows(20)) });
    expect(run.stdout.match(/^trace \S+/gm)).toEqual(['trace trace-0', 'trace trace-1']);
    expect(run.stdout).toMatch(/^spans .*\n\ntrace [^]*\n\n2 of 4 traces;[^\n]*\n$/m);
  });

  test('draws those first in which something was found, and names what is missing', async () => {
    const run = await runCommand(['rows.jsonl', '-n', '--draw', '3'], {
      cwd: folderWith([...nativeRows(20), orphan]),
    });
    expect(run.stdout.match(/^trace \S+/gm)).toEqual(['trace trace-3', 'trace trace-0', 'trace trace-1']);
    expect(run.stdout).toMatch(/^⚠ parent lost is missing\n└─ answer /m);
  });

  test('draws nothing with --draw 0, --quiet and --json, and neither does an import', async () => {
    const cwd = folderWith(nativeRows(20));
    for (const args of [['-n', '--draw', '0'], ['-n', '-q'], ['-n', '--json'], ['--sandbox']]) {
      const { stdout } = await runCommand(['rows.jsonl', ...args], { cwd });
      expect(stdout).not.toContain('openai.chat');
    }
    const refused = await runCommand(['rows.jsonl', '--sandbox', '--draw', '1'], { cwd });
    expect(refused).toMatchObject({ code: 2, stdout: '' });
  });
});
