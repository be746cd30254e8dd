import { readFileSync } from 'node:fs';

import { usageError } from '../errors.js';

type Environment = Readonly<Record<string, string | undefined>>;

const keyVariables = ['RESPAN_API_KEY', 'KEYWORDSAI_API_KEY'];

/**
 * The API key, from the first place that has one: `--api-key-file`, `--api-key`, `RESPAN_API_KEY`, the older
 * `KEYWORDSAI_API_KEY`. Undefined where none has. The key is never part of an error.
 */
export function findApiKey(
  flags: { apiKeyFile?: string; apiKey?: string },
  environment: Environment,
): string | undefined {
  if (flags.apiKeyFile !== undefined) return validKey(readKeyFile(flags.apiKeyFile), '--api-key-file');
  if (flags.apiKey !== undefined) return validKey(flags.apiKey, '--api-key');
  for (const name of keyVariables) {
    const value = environment[name];
    if (value !== undefined && value.trim() !== '') return validKey(value, name);
  }
  return undefined;
}

export function noApiKey(): Error {
  return usageError(
    'no_api_key',
    'no API key: RESPAN_API_KEY is not set',
    'set RESPAN_API_KEY or use --api-key-file; --dry-run and --sandbox work without a key',
  );
}

function readKeyFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw usageError(
      'api_key_file_unreadable',
      `the key file ${file} cannot be read`,
      'check the path and its permissions',
      error,
    );
  }
}

/** A header takes only visible ASCII; anything else would come back in an error that quotes the key. */
function validKey(text: string, where: string): string {
  const key = text.trim();
  if (!/^[\x21-\x7e]{1,4096}$/.test(key)) {
    throw usageError(
      'bad_api_key',
      `the API key from ${where} is ${key === '' ? 'empty' : 'malformed'}`,
      'a key is one line of letters, digits and punctuation, without spaces',
    );
  }
  return key;
}
