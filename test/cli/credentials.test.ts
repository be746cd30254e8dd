import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findCredential, noApiKey } from '../../src/cli/credentials.js';
import { importErrorOf } from '../support/import-error.js';

const folder = mkdtempSync(path.join(tmpdir(), 'respan-import-credentials-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function keyFile(content: string | Buffer): string {
  const file = path.join(folder, 'key');
  writeFileSync(file, content);
  return file;
}

/** All that an error may show anywhere, its causes included. */
function everythingOf(error: Error & { hint?: string | undefined }): string {
  const cause = error.cause instanceof Error ? everythingOf(error.cause) : String(error.cause);
  return [error.message, error.hint, error.stack, cause].join('\n');
}

type Flags = Parameters<typeof findCredential>[0];

/** Where no profile is stored. */
function findApiKey(flags: Flags, from: Record<string, string>): string | undefined {
  return findCredential(flags, from, () => undefined)?.key;
}

const environment = { RESPAN_API_KEY: 'from-respan', KEYWORDSAI_API_KEY: 'from-keywords' };

describe('the API key', () => {
  it('comes from the first place that has one', () => {
    const apiKeyFile = keyFile('from-file');
    expect(findApiKey({ apiKeyFile, apiKey: 'from-flag' }, environment)).toBe('from-file');
    expect(findApiKey({ apiKey: 'from-flag' }, environment)).toBe('from-flag');
    expect(findApiKey({}, environment)).toBe('from-respan');
    expect(findApiKey({}, { KEYWORDSAI_API_KEY: 'from-keywords' })).toBe('from-keywords');
    expect(findApiKey({}, {})).toBeUndefined();
  });

  it('is not taken from a variable that is set to nothing', () => {
    expect(findApiKey({}, { ...environment, RESPAN_API_KEY: ' \n' })).toBe('from-keywords');
    expect(findApiKey({}, { RESPAN_API_KEY: '' })).toBeUndefined();
  });

  it('is trimmed, as editors and Windows leave line ends and byte order marks', () => {
    expect(findApiKey({ apiKeyFile: keyFile('\ufeffkey-1\r\n') }, {})).toBe('key-1');
    expect(findApiKey({}, { RESPAN_API_KEY: ' key-2\t' })).toBe('key-2');
    expect(findApiKey({ apiKey: 'key-3\n' }, {})).toBe('key-3');
  });

  it.each([
    ['two words', 'secret secret'],
    ['two lines', 'secret\nX-Header: secret'],
    ['a character that no header takes', 'secret\u00e9'],
    ['a control character', 'secret\u0007'],
    ['the name of a variable', 'RESPAN_API_KEY=secret'],
    ['a line of a shell', 'export KEY=secret'],
    ['quotes', '"secret"'],
    ['more than any key', 'secret'.repeat(1000)],
  ])('is refused where it holds %s, and is not part of the error', (_, key) => {
    for (const action of [
      () => findApiKey({ apiKey: key }, {}),
      () => findApiKey({ apiKeyFile: keyFile(key) }, {}),
      () => findApiKey({}, { RESPAN_API_KEY: key }),
    ]) {
      const error = importErrorOf(action);
      expect(error).toMatchObject({ code: 'bad_api_key', exitCode: 2 });
      expect(everythingOf(error)).not.toContain('secret');
    }
  });

  it('is refused where the place that is named is empty, instead of taken from another', () => {
    expect(importErrorOf(() => findApiKey({ apiKeyFile: keyFile('\n') }, environment)).code).toBe(
      'bad_api_key',
    );
    expect(importErrorOf(() => findApiKey({ apiKey: '' }, environment)).code).toBe('bad_api_key');
  });

  it('is refused from a file that is no text', () => {
    const apiKeyFile = keyFile(Buffer.from('\ufeffkey', 'utf16le'));
    expect(importErrorOf(() => findApiKey({ apiKeyFile }, {})).code).toBe('bad_api_key');
  });

  it.each([path.join(folder, 'missing'), folder])('is missed in %s, which is no file', (apiKeyFile) => {
    const error = importErrorOf(() => findApiKey({ apiKeyFile }, environment));
    expect(error).toMatchObject({ code: 'api_key_file_unreadable', exitCode: 2 });
    expect(error.message).toContain(apiKeyFile);
  });

  it('is not looked for in a file that cannot be one', () => {
    const apiKeyFile = keyFile('secret\n'.repeat(20_000));
    const error = importErrorOf(() => findApiKey({ apiKeyFile }, environment));
    expect(error.code).toBe('bad_api_key');
    expect(everythingOf(error)).not.toContain('secret');
  });

  it('is not read from standard input', () => {
    expect(importErrorOf(() => findApiKey({ apiKeyFile: '-' }, environment)).code).toBe(
      'api_key_file_unreadable',
    );
  });

  it.skipIf(process.platform === 'win32')('is told to be exposed where others can read its file', () => {
    const apiKeyFile = keyFile('key');
    const exposedWith = (mode: number): string | undefined => {
      chmodSync(apiKeyFile, mode);
      return findCredential({ apiKeyFile }, {}, () => undefined)?.exposedIn;
    };
    expect([0o600, 0o400, 0o700].map(exposedWith)).toEqual([undefined, undefined, undefined]);
    expect([0o644, 0o640, 0o604].map(exposedWith)).toEqual([apiKeyFile, apiKeyFile, apiKeyFile]);
  });

  it('is asked for where none is found', () => {
    expect(noApiKey()).toMatchObject({ code: 'no_api_key', exitCode: 2 });
  });
});
