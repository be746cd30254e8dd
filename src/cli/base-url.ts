import { usageError } from '../errors.js';
import { isLoopback } from '../upload/proxy.js';
import { sites, type Site } from './sites.js';
import type { StoredProfile } from './stored-profile.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The base address: `--base-url`, that of the profile which `--profile` names, the variables of the destination (for
 * Respan `RESPAN_BASE_URL`, the SDKs' name, and `RESPAN_API_BASE_URL`, the official CLI's), that of the active profile,
 * else the public API. Plain http is refused unless it stays on this machine.
 *
 * @param stored reads the profile; asked only where it matters
 */
export function findBaseUrl(
  flags: { baseUrl?: string; allowHttp?: boolean; profile?: string },
  environment: Environment,
  stored: () => StoredProfile | undefined,
  site: Site = sites.respan,
): string {
  const { text, where } = addressOf(flags, environment, site.hasProfiles ? stored : () => undefined, site);
  const url = parseUrl(text.trim(), where, site);
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && flags.allowHttp !== true) {
    throw usageError(
      'plain_http',
      `${where}: ${url.host} would get the key over plain http`,
      'use https, or say --allow-http if the network is yours',
    );
  }
  return url.href.replace(/\/+$/, '');
}

interface Address {
  text: string;
  /** What told it. */
  where: string;
}

function addressOf(
  { baseUrl, profile }: { baseUrl?: string; profile?: string },
  environment: Environment,
  stored: () => StoredProfile | undefined,
  { urlVariables, defaultUrl }: Site,
): Address {
  if (baseUrl !== undefined) return { text: baseUrl, where: '--base-url' };
  const ofProfile = (): Address | undefined => {
    const { name, baseUrl: text } = stored() ?? {};
    return text === undefined ? undefined : { text, where: `the profile ${JSON.stringify(name)}` };
  };
  const chosen = profile === undefined ? undefined : ofProfile();
  if (chosen !== undefined) return chosen;
  const where = urlVariables.find((name) => (environment[name] ?? '').trim() !== '');
  if (where !== undefined) return { text: environment[where] ?? '', where };
  return ofProfile() ?? { text: defaultUrl, where: 'the default' };
}

function parseUrl(text: string, where: string, { defaultUrl, keyVariables: [keyVariable] }: Site): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw usageError('bad_base_url', `${where} is not an http(s) address`, `for example ${defaultUrl}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw usageError(
      'bad_base_url',
      `${where} holds a user name or password`,
      `the key goes into ${keyVariable}`,
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
