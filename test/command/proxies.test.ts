import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { Authority, certifiedName, hasOpenssl } from '../support/certificates.js';
import { runForReport, temporaryFolder } from '../support/command.js';
import { jsonLines, nativeRows } from '../support/native-rows.js';
import { scriptedServer, type ScriptedServer } from '../support/scripted-server.js';
import { tunnel, type Tunnel } from '../support/tunnel.js';

const key = 'key-of-the-test-0123456789';
const password = 'pass-word-of-the-proxy';
const url = `https://${certifiedName}`;

let authority: Authority;
beforeAll(() => {
  if (hasOpenssl) authority = new Authority();
});
afterAll(() => {
  if (hasOpenssl) authority.remove();
});

const trust = (): string[] => ['--ca-cert', authority.file];

async function serve(overTls = true): Promise<ScriptedServer> {
  const server = await scriptedServer([], overTls ? authority.certify() : undefined);
  onTestFinished(() => server.close());
  return server;
}

async function proxyTo(
  server: ScriptedServer,
  more: Omit<Parameters<typeof tunnel>[0], 'port'> = {},
): Promise<Tunnel> {
  const proxy = await tunnel({ port: Number(new URL(server.url).port), ...more });
  onTestFinished(() => proxy.close());
  return proxy;
}

async function importWith(env: Record<string, string>, more: readonly string[] = [], address = url) {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'rows.jsonl'), jsonLines(nativeRows(1000)));
  const args = ['rows.jsonl', '--base-url', address, '--retry-for', '0s', '-v', ...more];
  return runForReport(args, { cwd, env: { RESPAN_API_KEY: key, ...env } });
}

describe.skipIf(!hasOpenssl)('proxies (needs `openssl`)', () => {
  test.each(['HTTPS_PROXY', 'https_proxy'])('%s: a tunnel, in which the proxy sees no key', async (name) => {
    const server = await serve();
    const proxy = await proxyTo(server);
    const { code, summary } = await importWith({ [name]: `http://${proxy.host}` }, trust());
    expect(code).toBe(0);
    expect(summary.spans.ingested).toBe(1000);
    expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT ${certifiedName}:443`]));
    expect(proxy.seen()).not.toContain(key);
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${key}`);
  });

  test('a proxy that is itself reached over TLS', async () => {
    const server = await serve();
    const proxy = await proxyTo(server, { certificate: authority.certify() });
    const { code } = await importWith({ HTTPS_PROXY: `https://${proxy.host}` }, trust());
    expect(code).toBe(0);
    expect(proxy.asked).toContain(`CONNECT ${certifiedName}:443`);
  });

  test('one whose own certificate is not accepted: nothing is sent', async () => {
    const server = await serve();
    const proxy = await proxyTo(server, { certificate: authority.certify('DNS:elsewhere.example') });
    const { code, summary } = await importWith({ HTTPS_PROXY: `https://${proxy.host}` }, trust());
    expect([code, summary.stopped?.code]).toEqual([5, 'certificate_refused']);
    expect(proxy.asked).toEqual([]);
  });

  test('HTTP_PROXY is for http addresses', async () => {
    const server = await serve(false);
    const proxy = await proxyTo(server);
    const variables = { HTTP_PROXY: `http://${proxy.host}`, HTTPS_PROXY: 'http://127.0.0.1:1' };
    const { code } = await importWith(variables, ['--allow-http'], `http://${certifiedName}`);
    expect(code).toBe(0);
    expect(proxy.asked).toContain(`CONNECT ${certifiedName}:80`);
  });

  test('NO_PROXY leaves the proxy out', async () => {
    const server = await serve();
    const proxy = await proxyTo(server);
    const variables = { HTTPS_PROXY: `http://${proxy.host}`, NO_PROXY: `other.example,${certifiedName}` };
    const { code, summary } = await importWith(variables, trust());
    // Nothing but the proxy knows the name.
    expect([code, summary.stopped?.code]).toEqual([5, 'destination_unreachable']);
    expect(proxy.asked).toEqual([]);
  });

  test('user name and password go to the proxy and nowhere else', async () => {
    const server = await serve();
    const proxy = await proxyTo(server);
    const variables = { HTTPS_PROXY: `http://user:${password}@${proxy.host}` };
    const run = await importWith(variables, trust());
    expect(run.code).toBe(0);
    expect(proxy.seen()).toContain(Buffer.from(`user:${password}`).toString('base64'));
    expect(JSON.stringify(server.requests.map(({ headers }) => headers))).not.toContain('proxy-auth');
    expect(run.stdout + run.stderr).not.toContain(password);
  });

  test.each<[string, string, number, string]>([
    [
      '407',
      'HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\n\r\n<html>log in</html>',
      5,
      'proxy_refused',
    ],
    [
      'a page with 403',
      'HTTP/1.1 403 Forbidden\r\ncontent-type: text/html\r\n\r\n<html>no</html>',
      5,
      'not_the_api',
    ],
    ['502', 'HTTP/1.1 502 Bad Gateway\r\n\r\nno such host', 5, 'destination_unreachable'],
    ['a redirect', 'HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1/login\r\n\r\n', 5, 'redirected'],
    ['nothing', '', 5, 'destination_unreachable'],
    ['something that is no HTTP', '220 ready\r\n\r\n', 5, 'destination_unreachable'],
    [
      'a page in the tunnel',
      'HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n<html>log in</html>',
      5,
      'destination_unreachable',
    ],
  ])(
    'one that answers with %s: the run stops, and the key stays here',
    async (_name, answer, exit, stopped) => {
      const server = await serve();
      const proxy = await proxyTo(server, { answer });
      const variables = { HTTPS_PROXY: `http://user:${password}@${proxy.host}` };
      const run = await importWith(variables, trust());
      expect([run.code, run.summary.stopped?.code]).toEqual([exit, stopped]);
      expect(run.summary.spans.ingested).toBe(0);
      expect(run.summary.spans.held_back + run.summary.spans.failed).toBe(1000);
      expect(server.requests).toEqual([]);
      expect(proxy.seen()).not.toContain(key);
      expect(run.stdout + run.stderr).not.toContain(password);
      expect(run.stdout + run.stderr).not.toContain(key);
    },
  );

  test('one that is not there is named, without its password', async () => {
    const run = await importWith({ HTTPS_PROXY: `http://user:${password}@127.0.0.1:1` });
    expect([run.code, run.summary.stopped?.code]).toEqual([5, 'destination_unreachable']);
    expect(run.summary.stopped?.message).toContain('127.0.0.1:1');
    expect(run.summary.spans).toMatchObject({ possibly_repeated: 0 });
    expect(run.stdout + run.stderr).not.toContain(password);
  });
});
