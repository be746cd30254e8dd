type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that the usual variables name for an address, or undefined: `https_proxy` or `http_proxy` by the address's
 * scheme, unless `no_proxy` lists its host. Lower case wins, as in curl.
 */
export function proxyFor(url: URL, environment: Environment): string | undefined {
  const named = (name: string): string => environment[name] ?? environment[name.toUpperCase()] ?? '';
  const proxy = named(url.protocol === 'https:' ? 'https_proxy' : 'http_proxy');
  return proxy === '' || isExcluded(url, named('no_proxy')) ? undefined : proxy;
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
