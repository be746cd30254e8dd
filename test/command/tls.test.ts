import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { Authority, hasOpenssl, type Certificate } from '../support/certificates.js';
import { runCommand, runForReport, temporaryFolder } from '../support/command.js';
import { jsonLines, nativeRows } from '../support/native-rows.js';
import { scriptedServer, type ScriptedServer } from '../support/scripted-server.js';

const env = { RESPAN_API_KEY: 'key-of-the-test' };

let authority: Authority;
let other: Authority;
let good: Certificate;
beforeAll(() => {
  if (!hasOpenssl) return;
  authority = new Authority();
  other = new Authority();
  good = authority.certify();
});
afterAll(() => {
  if (!hasOpenssl) return;
  authority.remove();
  other.remove();
});

function folder(): string {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'rows.jsonl'), jsonLines(nativeRows(1000)));
  return cwd;
}

async function serve(certificate?: Certificate): Promise<ScriptedServer> {
  const server = await scriptedServer([], certificate);
  onTestFinished(() => server.close());
  return server;
}

const to = (url: string, ...more: string[]): string[] => ['rows.jsonl', '--base-url', url, ...more];

describe.skipIf(!hasOpenssl)('certificates (needs `openssl`)', () => {
  test('of an unknown authority: refused at once, nothing is sent, and --ca-cert admits them', async () => {
    const server = await serve(good);
    const cwd = folder();
    const refused = await runForReport(to(server.url), { cwd, env });
    expect(refused.code).toBe(5);
    expect(refused.summary.stopped?.code).toBe('certificate_refused');
    expect(refused.summary.stopped?.hint).toContain('--ca-cert');
    expect(refused.summary.spans).toMatchObject({ held_back: 1000, failed: 0, ingested: 0 });
    expect(refused.summary.upload.requests).toBe(1);
    expect(server.requests).toEqual([]);
    const record = readFileSync(path.join(cwd, refused.summary.missing ?? ''), 'utf8')
      .trimEnd()
      .split('\n');
    const named = record.map((line): { spans: number } => JSON.parse(line));
    expect(named.reduce((sum, { spans }) => sum + spans, 0)).toBe(1000);

    const { code, summary } = await runForReport(to(server.url, '--ca-cert', authority.file), { cwd, env });
    expect(code).toBe(0);
    expect(summary.spans).toMatchObject({ ingested: 1000, possibly_repeated: 0 });
  });

  test('NODE_EXTRA_CA_CERTS works alone, and beside --ca-cert', async () => {
    const server = await serve(good);
    const extra = { ...env, NODE_EXTRA_CA_CERTS: authority.file };
    const alone = await runForReport(to(server.url), { cwd: folder(), env: extra });
    expect(alone.code).toBe(0);
    const beside = await runForReport(to(server.url, '--ca-cert', other.file), { cwd: folder(), env: extra });
    expect(beside.code).toBe(0);
  });

  test('a file of several authorities', async () => {
    const server = await serve(good);
    const cwd = folder();
    const both = [other, authority].map(({ file }) => `# authority\r\n${readFileSync(file, 'utf8')}`);
    writeFileSync(path.join(cwd, 'both.pem'), both.join('\r\n'));
    expect((await runForReport(to(server.url, '--ca-cert', 'both.pem'), { cwd, env })).code).toBe(0);
  });

  test.each<[string, () => Certificate]>([
    ['expired', () => authority.certify(undefined, -1)],
    ['for another name', () => authority.certify('DNS:elsewhere.example')],
    ['of another authority', () => other.certify()],
  ])('%s: refused', async (_name, certify) => {
    const server = await serve(certify());
    const run = await runForReport(to(server.url, '--ca-cert', authority.file), { cwd: folder(), env });
    expect(run.code).toBe(5);
    expect(run.summary.stopped?.code).toBe('certificate_refused');
    expect(run.summary.spans).toMatchObject({ held_back: 1000 });
    expect(server.requests).toEqual([]);
  });

  test('a TLS port that is spoken to in plain http: nothing arrives, and the run says so', async () => {
    const server = await serve(good);
    const url = server.url.replace('https:', 'http:');
    const run = await runForReport(to(url, '--retry-for', '0s'), { cwd: folder(), env });
    expect(run.code).toBe(5);
    expect(run.summary.spans.ingested).toBe(0);
  });
});

test('a plain port that is spoken to in TLS: the run stops at once and says so', async () => {
  const server = await serve();
  const run = await runForReport(to(server.url.replace('http:', 'https:')), { cwd: folder(), env });
  expect(run.code).toBe(5);
  expect(run.summary.stopped?.code).toBe('no_tls');
  expect(run.summary.spans).toMatchObject({ held_back: 1000, possibly_repeated: 0 });
});

describe('--ca-cert is looked at before anything is read', () => {
  test.each<[string, string | Buffer | undefined, string]>([
    ['a missing file', undefined, 'ca_cert_unreadable'],
    ['an empty file', '', 'bad_ca_cert'],
    ['prose', 'trust me', 'bad_ca_cert'],
    ['binary bytes', Buffer.from([0x30, 0x82, 1, 0, 0xff]), 'bad_ca_cert'],
    [
      'a certificate that is none',
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      'bad_ca_cert',
    ],
    ['a certificate that breaks off', '-----BEGIN CERTIFICATE-----\nMIIB', 'bad_ca_cert'],
  ])('%s', async (_name, content, code) => {
    const cwd = temporaryFolder();
    if (content !== undefined) writeFileSync(path.join(cwd, 'ca.pem'), content);
    for (const more of [[], ['--dry-run']]) {
      const run = await runCommand(['no-such-rows.jsonl', '--ca-cert', 'ca.pem', ...more], { cwd, env });
      expect(run).toMatchObject({ code: 2, stdout: '' });
      expect(run.stderr).toContain(`(${code})`);
      expect(run.stderr).toContain('ca.pem');
    }
  });

  test('a folder', async () => {
    const cwd = temporaryFolder();
    mkdirSync(path.join(cwd, 'certs'));
    const run = await runCommand(['no-such-rows.jsonl', '--ca-cert', 'certs'], { cwd, env });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('(ca_cert_unreadable)');
  });
});
