import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { findCredential } from '../../src/cli/credentials.js';
import { readStoredProfile } from '../../src/cli/stored-profile.js';
import { importErrorOf } from '../support/import-error.js';

const now = Date.UTC(2026, 0, 15, 12);

/** A home folder as the official command line tool leaves it; strings are written as they are. */
function homeWith(files: { credentials?: unknown; config?: unknown }): string {
  const home = mkdtempSync(path.join(os.tmpdir(), 'respan-import-home-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  mkdirSync(path.join(home, '.respan'));
  for (const [name, content] of Object.entries(files)) {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    writeFileSync(path.join(home, '.respan', `${name}.json`), text);
  }
  return home;
}

const apiKey = (key: string, baseUrl?: string) => ({ type: 'api_key', apiKey: key, baseUrl });

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function login(claims: unknown, email?: string) {
  const accessToken = `${part({ alg: 'HS256' })}.${part(claims)}.secret-signature`;
  return {
    type: 'jwt',
    accessToken,
    refreshToken: 'secret-refresh',
    email,
    baseUrl: 'https://api.respan.ai',
  };
}

const profiles = {
  default: apiKey('key-of-default'),
  staging: apiKey('key-of-staging', 'https://staging.example'),
};

describe('a stored profile', () => {
  it('is the one that was asked for, else the active one, else the default', () => {
    const home = homeWith({ credentials: profiles, config: { activeProfile: 'staging' } });
    expect(readStoredProfile('default', now, home)).toMatchObject({ key: 'key-of-default' });
    expect(readStoredProfile(undefined, now, home)).toMatchObject({
      name: 'staging',
      key: 'key-of-staging',
      account: undefined,
      baseUrl: 'https://staging.example',
    });
    const inactive = homeWith({ credentials: profiles });
    expect(readStoredProfile(undefined, now, inactive)).toMatchObject({ key: 'key-of-default' });
  });

  it('need not be there unless it was asked for', () => {
    for (const home of [homeWith({}), homeWith({ credentials: { other: apiKey('k') } }), '/no/such/home']) {
      expect(readStoredProfile(undefined, now, home)).toBeUndefined();
      expect(importErrorOf(() => readStoredProfile('staging', now, home))).toMatchObject({
        code: 'profile_missing',
        exitCode: 2,
      });
    }
    const dangling = homeWith({ credentials: profiles, config: { activeProfile: 'gone' } });
    expect(importErrorOf(() => readStoredProfile(undefined, now, dangling)).code).toBe('profile_missing');
  });

  it.each(['constructor', '__proto__', 'toString'])('%j is no profile by itself', (name) => {
    const home = homeWith({ credentials: profiles });
    expect(importErrorOf(() => readStoredProfile(name, now, home)).code).toBe('profile_missing');
  });

  it('may be a login, whose account stays the same when its token changes', () => {
    const exp = now / 1000 + 60;
    const credentials = { default: login({ exp }, 'user@example.org'), anonymous: login({}) };
    const home = homeWith({ credentials });
    const { accessToken } = credentials.default;
    expect(readStoredProfile(undefined, now, home)).toMatchObject({
      key: accessToken,
      account: 'user@example.org',
    });
    expect(readStoredProfile('anonymous', now, home)).toMatchObject({ account: 'anonymous' });
  });

  it('whose login has expired is no key', () => {
    const home = homeWith({ credentials: { default: login({ exp: now / 1000 }) } });
    const error = importErrorOf(() => readStoredProfile(undefined, now, home));
    expect(error).toMatchObject({ code: 'profile_expired', exitCode: 2 });
    expect(error.message).toContain('2026-01-15T12:00:00.000Z');
  });

  it.each<[string, { credentials?: unknown; config?: unknown }]>([
    ['credentials that are no JSON', { credentials: '{"default": {"apiKey": "secret' }],
    ['credentials that are a list', { credentials: [apiKey('secret')] }],
    ['nothing', { credentials: '' }],
    ['a profile without a key', { credentials: { default: { type: 'api_key', refreshToken: 'secret' } } }],
    ['a profile that is a text', { credentials: { default: 'secret' } }],
    ['a key that is a number', { credentials: { default: { apiKey: 7, other: 'secret' } } }],
    ['an address that is no text', { credentials: { default: { apiKey: 'secret', baseUrl: 5 } } }],
    ['a configuration that is no JSON', { credentials: { default: apiKey('secret') }, config: 'secret' }],
    ['an active profile that is no text', { credentials: {}, config: { activeProfile: { secret: 1 } } }],
  ])('with %s is told without what the file holds', (_name, files) => {
    const error = importErrorOf(() => readStoredProfile(undefined, now, homeWith(files)));
    expect(error).toMatchObject({ code: 'profile_malformed', exitCode: 2 });
    expect(error.cause).toBeUndefined();
    expect([error.message, error.hint, error.stack].join('\n')).not.toContain('secret');
  });

  it('that cannot be read is told', () => {
    const home = homeWith({});
    mkdirSync(path.join(home, '.respan', 'credentials.json'));
    expect(importErrorOf(() => readStoredProfile(undefined, now, home)).code).toBe('profile_unreadable');
  });
});

function keyFrom(flags: { profile?: string }, env: Record<string, string> = {}): string | undefined {
  const folder = homeWith({ credentials: profiles });
  return findCredential(flags, env, () => readStoredProfile(flags.profile, now, folder))?.key;
}

describe('the key of a profile', () => {
  it('comes before the environment where the profile was asked for, else after it', () => {
    const env = { RESPAN_API_KEY: 'from-respan' };
    expect(keyFrom({ profile: 'staging' }, env)).toBe('key-of-staging');
    expect(keyFrom({}, env)).toBe('from-respan');
    expect(keyFrom({})).toBe('key-of-default');
  });

  it('is checked as any other', () => {
    const folder = homeWith({ credentials: { default: apiKey('secret secret') } });
    const error = importErrorOf(() =>
      findCredential({}, {}, () => readStoredProfile(undefined, now, folder)),
    );
    expect(error.code).toBe('bad_api_key');
    expect(error.message).not.toContain('secret');
  });

  it.skipIf(process.platform === 'win32')('is told to be exposed where others can read it', () => {
    const folder = homeWith({ credentials: profiles });
    const file = path.join(folder, '.respan', 'credentials.json');
    const find = () => findCredential({}, {}, () => readStoredProfile(undefined, now, folder));
    chmodSync(file, 0o644);
    expect(find()?.exposedIn).toBe(file);
    chmodSync(file, 0o600);
    expect(find()?.exposedIn).toBeUndefined();
  });
});
