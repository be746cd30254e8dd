import { usageError } from '../errors.js';
import { isLoopback } from '../upload/proxy.js';

type Environment = Readonly<Record<string, string | undefined>>;

const defaultBaseUrl = 'https://api.respan.ai';
const variables = ['RESPAN_BASE_URL', 'RESPAN_API_BASE_URL'];

/**
 * The base address: `--base-url`, `RESPAN_BASE_URL` (the SDKs' name), `RESPAN_API_BASE_URL` (the official CLI's), else
 * the public API. Plain http is refused unless it stays on this machine.
 */
export function findBaseUrl(
  flags: { baseUrl?: string; allowHttp?: boolean },
  environment: Environment,
): string {
  const named = variables.find((name) => (environment[name] ?? '').trim() !== '');
  const text = flags.baseUrl ?? (named === undefined ? undefined : environment[named]) ?? defaultBaseUrl;
  const where = flags.baseUrl === undefined ? (named ?? 'the default') : '--base-url';
  const url = parseUrl(text.trim(), where);
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && flags.allowHttp !== true) {
    throw usageError(
      'plain_http',
      `${where}: ${url.host} would get the key over plain http`,
      'use https, or say --allow-http if the network is yours',
    );
  }
  return url.href.replace(/\/+$/, '');
}

function parseUrl(text: string, where: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw usageError(
      'bad_base_url',
      `${where} is not an http(s) address`,
      'for example https://api.respan.ai',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw usageError(
      'bad_base_url',
      `${where} holds a user name or password`,
      'the key goes into RESPAN_API_KEY',
    );
  }
  if (url.search !== '' || url.hash !== '') {
    throw usageError(
      'bad_base_url',
      `${where} holds a query`,
      'the path of the endpoint is added to it; give the address alone',
    );
  }
  return url;
}
