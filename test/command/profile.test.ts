import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { runCommand, runForReport, temporaryFolder } from '../support/command.js';
import { jsonLines, nativeRows } from '../support/native-rows.js';
import { scriptedServer, type ScriptedServer } from '../support/scripted-server.js';

async function serve(): Promise<ScriptedServer> {
  const server = await scriptedServer();
  onTestFinished(() => server.close());
  return server;
}

/** A home folder with rows to import and stored profiles. */
function homeWith(credentials: unknown, config: unknown = {}): string {
  const home = temporaryFolder();
  writeFileSync(path.join(home, 'rows.jsonl'), jsonLines(nativeRows(5)));
  mkdirSync(path.join(home, '.respan'));
  const text = typeof credentials === 'string' ? credentials : JSON.stringify(credentials);
  writeFileSync(path.join(home, '.respan', 'credentials.json'), text, { mode: 0o600 });
  writeFileSync(path.join(home, '.respan', 'config.json'), JSON.stringify(config));
  return home;
}

const keysOf = ({ requests }: ScriptedServer) => requests.map(({ headers }) => headers.authorization);

describe('a profile of the respan command', () => {
  test('that is active gives key and address; --profile another, in spite of the environment', async () => {
    const [production, staging] = [await serve(), await serve()];
    const home = homeWith(
      {
        production: { type: 'api_key', apiKey: 'key-of-production', baseUrl: production.url },
        staging: { type: 'api_key', apiKey: 'key-of-staging', baseUrl: `${staging.url}/` },
      },
      { activeProfile: 'production' },
    );
    expect(await runCommand(['rows.jsonl'], { cwd: home })).toMatchObject({ code: 0 });
    expect(keysOf(production)).toEqual(['Bearer key-of-production']);
    const env = { RESPAN_API_KEY: 'key-of-the-environment', RESPAN_BASE_URL: production.url };
    const chosen = await runCommand(['rows.jsonl', '--profile', 'staging'], { cwd: home, env });
    expect(chosen).toMatchObject({ code: 0 });
    expect(chosen.stderr).not.toContain('chmod');
    expect(keysOf(staging)).toEqual(['Bearer key-of-staging']);
    expect(keysOf(production)).toHaveLength(1);
  });

  test('a login that was renewed is the same destination: nothing is sent twice', async () => {
    const server = await serve();
    const login = (accessToken: string) => ({
      default: {
        type: 'jwt',
        accessToken,
        refreshToken: 'r',
        email: 'user@example.org',
        baseUrl: server.url,
      },
    });
    const home = homeWith(login('token-of-monday'));
    await runCommand(['rows.jsonl'], { cwd: home });
    const file = path.join(home, '.respan', 'credentials.json');
    writeFileSync(file, JSON.stringify(login('token-of-tuesday')));
    chmodSync(file, 0o644);
    const again = await runForReport(['rows.jsonl'], { cwd: home });
    expect(again.summary.spans).toMatchObject({ already_imported: 5, ingested: 0 });
    expect(again.stderr).toContain('chmod 600');
  });

  test.each([
    [['--profile', 'absent'], 'profile_missing'],
    [[], 'profile_malformed'],
  ])('that cannot be used ends an import before it begins (%j)', async (flags, code) => {
    const home = homeWith(code === 'profile_malformed' ? '{"default": {"apiKey": "secret"' : {});
    const run = await runCommand(['rows.jsonl', ...flags], { cwd: home });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(code);
    expect(run.stderr).not.toContain('secret');
  });

  test('that cannot be used does not keep a dry run from planning, unless it was asked for', async () => {
    const home = homeWith('broken');
    expect(await runCommand(['rows.jsonl', '--dry-run'], { cwd: home })).toMatchObject({ code: 0 });
    const asked = await runCommand(['rows.jsonl', '--dry-run', '--profile', 'default'], { cwd: home });
    expect(asked.code).toBe(2);
  });

  test.each([['--api-key-file', 'key'], ['--api-key', 'key'], ['--sandbox']])(
    'goes with no other key (%s)',
    async (...flags) => {
      const run = await runCommand(['rows.jsonl', '--profile', 'default', ...flags], { cwd: homeWith({}) });
      expect(run.code).toBe(2);
    },
  );
});
