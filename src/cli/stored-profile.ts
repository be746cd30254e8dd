import { readFileSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { usageError } from '../errors.js';

/** What `respan auth login` of the official command line tool left in the home folder. */
export interface StoredProfile {
  name: string;
  /** The file that holds the key. */
  file: string;
  /** An API key or the access token of a login; not yet checked. */
  key: string;
  /** Whose login it is, where tokens come and go; undefined for an API key. */
  account: string | undefined;
  baseUrl: string | undefined;
}

/** The profile where none is named. */
const defaultName = 'default';

/**
 * Reads a profile of `@respan/cli`: `~/.respan/credentials.json` is
 * `{"<profile>": {"type":"api_key","apiKey","baseUrl"} | {"type":"jwt","accessToken","refreshToken","email","baseUrl"}}`,
 * and `~/.respan/config.json` names the `activeProfile` (its `src/lib/auth.ts` and hooks, versions 0.9 to 0.12).
 *
 * @param wanted name of the profile; undefined: the active one, which need not exist
 * @param now milliseconds since the epoch, to tell whether a login has expired
 */
export function readStoredProfile(
  wanted: string | undefined,
  now: number,
  home = os.homedir(),
): StoredProfile | undefined {
  const file = path.join(home, '.respan', 'credentials.json');
  const profiles = readObject(file) ?? {};
  const active = wanted ?? activeProfile(path.join(home, '.respan', 'config.json'));
  const name = active ?? defaultName;
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (profile === undefined) {
    if (active === undefined) return undefined;
    throw usageError(
      'profile_missing',
      `${file} holds no profile ${JSON.stringify(name)}`,
      `log in with: respan auth login --profile-name ${name}; or use RESPAN_API_KEY`,
    );
  }
  return profileOf(name, file, Object(profile), now);
}

function profileOf(name: string, file: string, profile: Record<string, unknown>, now: number): StoredProfile {
  const { apiKey, accessToken, baseUrl, email } = profile;
  const key = [apiKey, accessToken].find((value) => typeof value === 'string' && value !== '');
  if (typeof key !== 'string' || (baseUrl !== undefined && typeof baseUrl !== 'string')) {
    throw malformed(file, `the profile ${JSON.stringify(name)} has no key, or an address that is no text`);
  }
  const isLogin = key === accessToken;
  const expiry = isLogin ? expiryOf(key) : undefined;
  if (expiry !== undefined && expiry <= now) {
    throw usageError(
      'profile_expired',
      `the login of the profile ${JSON.stringify(name)} expired at ${new Date(expiry).toISOString()}`,
      'log in again with: respan auth login; or use an API key, which does not expire on the way',
    );
  }
  const account = isLogin ? (typeof email === 'string' ? email : name) : undefined;
  return { name, file, key, account, baseUrl };
}

function activeProfile(file: string): string | undefined {
  const name = readObject(file)?.['activeProfile'];
  if (name === undefined || name === null || name === '') return undefined;
  if (typeof name !== 'string') throw malformed(file, 'activeProfile is no text');
  return name;
}

/** Undefined where there is no such file. What the file holds is never part of an error: it may be the key. */
function readObject(file: string): Record<string, unknown> | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw usageError(
      'profile_unreadable',
      `${file} cannot be read (${code})`,
      'check its permissions',
      error,
    );
  }
  const value = parseQuietly(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed(file, 'it is not a JSON object');
  }
  return Object(value);
}

/** Without the error of the parser, which quotes the text. */
function parseQuietly(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function malformed(file: string, what: string): Error {
  return usageError(
    'profile_malformed',
    `${file} cannot be used: ${what}`,
    'log in again with: respan auth login; or use RESPAN_API_KEY and --base-url',
  );
}

/** When a JSON Web Token expires, in milliseconds since the epoch; undefined where it does not tell. */
function expiryOf(token: string): number | undefined {
  const claims = parseQuietly(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  const expiry: unknown = Reflect.get(Object(claims), 'exp');
  const milliseconds = typeof expiry === 'number' ? expiry * 1000 : Number.NaN;
  return Math.abs(milliseconds) <= 8.64e15 ? milliseconds : undefined;
}

/** True where other users of the machine can read a file that holds a key. Windows has no such bits. */
export function isExposed(file: string): boolean {
  if (process.platform === 'win32') return false;
  const status = statSync(file, { throwIfNoEntry: false });
  return status?.isFile() === true && (status.mode & 0o077) !== 0;
}
