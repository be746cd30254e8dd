import { usageError } from '../errors.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that the usual variables name for an address, or undefined: `https_proxy` or `http_proxy` by the address's
 * scheme, unless `no_proxy` lists its host. Lower case wins, and a missing scheme means http, as in curl. What stays on
 * this machine goes through none: it may carry the key over plain http.
 */
export function proxyFor(url: URL, environment: Environment): string | undefined {
  const named = (name: string): string => environment[name] ?? environment[name.toUpperCase()] ?? '';
  const proxy = named(url.protocol === 'https:' ? 'https_proxy' : 'http_proxy');
  if (proxy === '' || isLoopback(url.hostname) || isExcluded(url, named('no_proxy'))) return undefined;
  const address = /^[a-z][\w+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
  if (URL.canParse(address)) return address;
  // Not shown: it may hold a password.
  throw usageError(
    'bad_proxy',
    'the proxy that the environment names is no address',
    'for example HTTPS_PROXY=http://proxy.example.org:3128',
  );
}

/** True for addresses of this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** `no_proxy`: hosts, domains (`.example.org`, `*.example.org`), `host:port`, or `*`, separated by commas or spaces. */
function isExcluded(url: URL, noProxy: string): boolean {
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [, host = entry, entryPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      if (entryPort !== undefined && entryPort !== port) return false;
      const domain = host.replace(/^\*?\./, '');
      return url.hostname === domain || url.hostname.endsWith(`.${domain}`);
    });
}
