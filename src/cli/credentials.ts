import { readFileSync, statSync } from 'node:fs';

import { usageError } from '../errors.js';
import { sites, type Site } from './sites.js';
import { isExposed, type StoredProfile } from './stored-profile.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Far beyond any key: what is larger is another file by mistake. */
const largestKeyFile = 64 * 1024;

export interface Credential {
  /** An API key, or the access token of a login. */
  key: string;
  /** Tells one account from another where keys come and go; undefined: the key itself does. */
  account: string | undefined;
  /** A file with the key that other users of this machine can read. */
  exposedIn: string | undefined;
}

interface CredentialFlags {
  apiKeyFile?: string;
  apiKey?: string;
  profile?: string;
}

/**
 * The API key, from the first place that has one: `--api-key-file`, `--api-key`, the profile that `--profile` names, the
 * variables of the destination (for Respan `RESPAN_API_KEY` and the older `KEYWORDSAI_API_KEY`), the active profile.
 * Undefined where none has. The key is never part of an error.
 *
 * @param stored reads the profile; asked only where it matters
 */
export function findCredential(
  flags: CredentialFlags,
  environment: Environment,
  stored: () => StoredProfile | undefined,
  site: Site = sites.respan,
): Credential | undefined {
  const { apiKeyFile, apiKey, profile } = flags;
  if (apiKeyFile !== undefined) {
    const key = validKey(readKeyFile(apiKeyFile, site), '--api-key-file');
    return { key, account: undefined, exposedIn: exposed(apiKeyFile) };
  }
  if (apiKey !== undefined) return plain(validKey(apiKey, '--api-key'));
  const name = site.keyVariables.find((variable) => (environment[variable] ?? '').trim() !== '');
  if (profile === undefined && name !== undefined) return plain(validKey(environment[name] ?? '', name));
  const found = site.hasProfiles ? stored() : undefined;
  if (found === undefined) return undefined;
  const key = validKey(found.key, `the profile ${JSON.stringify(found.name)}`);
  return { key, account: found.account, exposedIn: exposed(found.file) };
}

export function noApiKey({ keyVariables: [variable], hasProfiles }: Site = sites.respan): Error {
  const profiles = hasProfiles ? ', and there is no profile of the respan command' : '';
  return usageError(
    'no_api_key',
    `no API key: ${variable} is not set${profiles}`,
    `set ${variable} or use --api-key-file; --dry-run and --sandbox work without a key`,
  );
}

function plain(key: string): Credential {
  return { key, account: undefined, exposedIn: undefined };
}

function exposed(file: string): string | undefined {
  return isExposed(file) ? file : undefined;
}

function readKeyFile(file: string, { keyVariables: [variable] }: Site): string {
  if (file === '-') {
    throw usageError(
      'api_key_file_unreadable',
      '--api-key-file takes no key from standard input',
      `name a file, as in --api-key-file <(command), or set ${variable}`,
    );
  }
  try {
    if (statSync(file).size <= largestKeyFile) return readFileSync(file, 'utf8');
  } catch (error) {
    throw usageError(
      'api_key_file_unreadable',
      `the key file ${file} cannot be read`,
      'check the path and its permissions',
      error,
    );
  }
  throw malformedKey('--api-key-file', 'malformed');
}

/** `NAME=value` and quotes come from files that a shell reads. */
const shellSyntax = /^(?:export\b|\w+_KEY=|["'`])/;

/** A header takes only visible ASCII; anything else would come back in an error that quotes the key. */
function validKey(text: string, where: string): string {
  const key = text.trim();
  if (!/^[\x21-\x7e]{1,4096}$/.test(key) || shellSyntax.test(key)) {
    throw malformedKey(where, key === '' ? 'empty' : 'malformed');
  }
  return key;
}

function malformedKey(where: string, how: 'empty' | 'malformed'): Error {
  return usageError(
    'bad_api_key',
    `the API key from ${where} is ${how}`,
    'a key is one line of letters, digits and punctuation, without spaces, quotes or a name before it',
  );
}
