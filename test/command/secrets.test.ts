import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { createProgram } from '../../src/cli/program.js';
import { raw } from '../support/destination.js';
import {
  brokenAgent,
  filesBelow,
  runCommand,
  start,
  temporaryFolder,
  type Finished,
} from '../support/command.js';
import { unusedActions } from '../support/unused-actions.js';
import { jsonLines, nativeRows } from '../support/native-rows.js';
import { ok, reset, scriptedServer, status, type Answer } from '../support/scripted-server.js';

/** With characters that JSON, URLs and Base64 write in another way. */
const key = 'sk-MARKED/7f3a+c9"5d';

const spellings = [
  key,
  JSON.stringify(key).slice(1, -1),
  JSON.stringify(key)
    .slice(1, -1)
    .replaceAll('/', String.raw`\/`),
  encodeURIComponent(key),
  Buffer.from(key).toString('base64'),
  Buffer.from(key).toString('base64url'),
  Buffer.from(`Bearer ${key}`).toString('base64'),
];

/** Where the key is: streams, and files that the run left. */
function leaksOf({ stdout, stderr }: Finished, cwd: string): string[] {
  const places = [
    { file: 'stdout', text: stdout },
    { file: 'stderr', text: stderr },
    ...filesBelow(cwd)
      .filter((file) => path.basename(file) !== 'key')
      .map((file) => ({ file, text: readFileSync(file, 'utf8') })),
  ];
  const leaks = places.filter(({ text }) => spellings.some((spelling) => text.includes(spelling)));
  return leaks.map(({ file }) => file);
}

/** Rows that are good, and one that is rejected. */
function folder(): string {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'rows.jsonl'), `${jsonLines(nativeRows(20))}{"broken\n`);
  writeFileSync(path.join(cwd, 'key'), `${key}\n`);
  chmodSync(path.join(cwd, 'key'), 0o600);
  return cwd;
}

const env = { RESPAN_API_KEY: key };

type Way = [name: string, args: string[], env: Record<string, string>];

const ways: Way[] = [
  ['--api-key', ['--api-key', key], {}],
  ['--api-key-file', ['--api-key-file', 'key'], {}],
  ['RESPAN_API_KEY', [], env],
  ['KEYWORDSAI_API_KEY', [], { KEYWORDSAI_API_KEY: key }],
];

/** Says the key in every way that a server may. */
const quoted = { detail: `the key ${key}`, message: key, error: key, errors: [key, { key }] };
const escaped = JSON.stringify(quoted).replaceAll('/', String.raw`\/`);
const json = { 'content-type': 'application/json' };
const page = `<html>${spellings.join(' ')}</html>`;

const answers: [name: string, answer: Answer][] = [
  ['success with words', ok({ errors: spellings })],
  ['a 200 that cannot be read', status(200, spellings.join(' '), { 'content-type': 'text/plain' })],
  ['a page with 200', status(200, page)],
  ...[400, 401, 403, 404, 405, 407, 410, 413, 422, 429, 500, 501, 503].flatMap((code): [string, Answer][] => [
    [`${code} as JSON`, status(code, escaped, json)],
    [`${code} as a page`, status(code, page)],
  ]),
  ['a redirect', status(302, page, { location: `http://127.0.0.1:1/?key=${encodeURIComponent(key)}` })],
  ['a long wait', status(429, escaped, { ...json, 'retry-after': '900', 'x-key': key })],
  ['a reset', reset()],
  ['something that is no HTTP', raw(() => `${key}\r\n`)],
  ['a header that is none', raw(() => `HTTP/1.1 200 OK\r\n${key}\r\n\r\n`)],
];

describe('the key is in nothing that the program says or leaves', () => {
  test.each(ways)('by %s, while all goes well', async (_name, args, variables) => {
    const server = await scriptedServer();
    onTestFinished(() => server.close());
    const cwd = folder();
    const run = await runCommand(['rows.jsonl', '--base-url', server.url, '-v', ...args], {
      cwd,
      env: variables,
    });
    expect(run.code).toBe(1);
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${key}`);
    expect(leaksOf(run, cwd)).toEqual([]);
  });

  test.each(answers)('where the server answers with %s', async (name, answer) => {
    const server = await scriptedServer(() => answer);
    onTestFinished(() => server.close());
    const cwd = folder();
    const args = ['rows.jsonl', '--base-url', server.url, '--retry-for', '0s', '--batch-spans', '5', '-v'];
    const run = await runCommand([...args, ...(name.includes('page') ? [] : ['--json'])], { cwd, env });
    expect([1, 3, 4, 5]).toContain(run.code);
    expect(leaksOf(run, cwd)).toEqual([]);
    expect(server.requests.length).toBeGreaterThan(0);
  });

  test.each([
    ['nobody listens', 'http://127.0.0.1:1'],
    ['the name does not exist', 'https://no-such-host.invalid'],
  ])('where %s', async (_name, url) => {
    const cwd = folder();
    const run = await runCommand(['rows.jsonl', '--base-url', url, '--retry-for', '0s', '-v'], { cwd, env });
    expect(run.code).toBe(5);
    expect(leaksOf(run, cwd)).toEqual([]);
  });

  const commands = createProgram('0.0.0', unusedActions).commands.map((command) => command.name());
  const argumentsOf: Partial<Record<string, string[]>> = {
    explain: ['rows.jsonl'],
    tree: ['rows.jsonl'],
    formats: ['--json'],
    status: ['--json'],
    forget: ['--all'],
  };
  test.each(commands.filter((name) => name !== 'sandbox'))('by the command %s', async (name) => {
    const cwd = folder();
    const server = await scriptedServer();
    onTestFinished(() => server.close());
    await runCommand(['rows.jsonl', '--base-url', server.url], { cwd, env });
    expect(leaksOf(await runCommand([name, ...(argumentsOf[name] ?? [])], { cwd, env }), cwd)).toEqual([]);
  });

  test('by the command sandbox, which is asked with it and with another', async () => {
    const cwd = folder();
    const run = start(['sandbox', '--port', '0', '--key', key], { cwd });
    const url = await new Promise<string>((resolve) => {
      let said = '';
      for (const stream of [run.child.stdout, run.child.stderr]) {
        stream?.on('data', (text: string) => {
          said += text;
          const found = /http:\/\/[\d.:]+/.exec(said)?.[0];
          if (found !== undefined) resolve(found);
        });
      }
    });
    const accepted = await runCommand(['rows.jsonl', '--base-url', url], { cwd, env });
    expect(accepted.code).toBe(1);
    const other = { RESPAN_API_KEY: 'another-key-altogether' };
    const refused = await runCommand(['rows.jsonl', '--base-url', url, '--no-resume'], { cwd, env: other });
    expect(refused.code).toBe(4);
    run.child.kill('SIGTERM');
    for (const finished of [accepted, refused, await run.finished])
      expect(leaksOf(finished, cwd)).toEqual([]);
  });

  test.each([
    ['a dry run', ['--dry-run']],
    ['a rehearsal', ['--sandbox']],
    ['a flag that is misspelt', [`--apikey=${key}`]],
    ['two keys', ['--api-key', key, '--api-key-file', 'key']],
    ['a key of two lines', ['--api-key', `${key}\n${key}`]],
    ['an address with a password', ['--base-url', `https://user:${encodeURIComponent(key)}@127.0.0.1:1`]],
    ['an address that is none', ['--base-url', `https://user:${key}@127.0.0.1:1:1`]],
    ['a key in the query', ['--base-url', `https://127.0.0.1:1/?key=${encodeURIComponent(key)}`]],
  ])('by %s', async (_name, args) => {
    const cwd = folder();
    expect(leaksOf(await runCommand(['rows.jsonl', ...args], { cwd, env }), cwd)).toEqual([]);
  });

  test.each([
    ['RESPAN_BASE_URL', `https://user:${encodeURIComponent(key)}@127.0.0.1:1`],
    ['HTTPS_PROXY', `http://user:${encodeURIComponent(key)}@127.0.0.1:1`],
    ['HTTPS_PROXY', `http://user:${key}@ :1`],
  ])('by an address with a password in %s', async (name, value) => {
    const cwd = folder();
    const args = ['rows.jsonl', '--base-url', 'https://no-such-host.invalid', '--retry-for', '0s', '-v'];
    const flags = name === 'RESPAN_BASE_URL' ? ['rows.jsonl'] : args;
    const run = await runCommand(flags, { cwd, env: { RESPAN_API_KEY: 'another-key', [name]: value } });
    expect([2, 5]).toContain(run.code);
    expect(leaksOf(run, cwd)).toEqual([]);
  });
});

describe('a bug', () => {
  const thrown = `throw new Error('Bearer ' + process.env.RESPAN_API_KEY + ' \\u001b[31m http://u:' + process.env.PASSWORD + '@h/');`;

  test.each([
    ['that is thrown', thrown],
    ['that is thrown where nobody waits', `setTimeout(() => { ${thrown} });`],
    ['that rejects where nobody waits', `setTimeout(async () => { ${thrown} });`],
  ])('%s: exit code 70, a stack, no key, no password, nothing that moves the cursor', async (_name, body) => {
    const server = await scriptedServer(() => ({ play: () => {} }));
    onTestFinished(() => server.close());
    const cwd = folder();
    const run = await runCommand(['rows.jsonl', '--base-url', server.url], {
      cwd,
      env: { ...env, PASSWORD: 'pw-5', NODE_OPTIONS: brokenAgent(body) },
    });
    expect(run.code).toBe(70);
    expect(run.stderr).toContain('Bearer [key]');
    expect(run.stderr).toMatch(/^ +at /m);
    expect(run.stderr).not.toContain('pw-5');
    expect(run.stderr).not.toContain('\u001b');
    expect(leaksOf(run, cwd)).toEqual([]);
  });
});
