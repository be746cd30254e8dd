/** The address that a run is told by; the others stand beside it. */
const tracePath = '/v2/logs/trace';

export type Operation = 'trace' | 'span' | 'traces' | 'spans';

/** Bases are seen with and without the version, and with the path of the endpoint. */
export function traceEndpoint(baseUrl: string): string {
  const base = baseUrl.replace(/\/+$/, '').replace(/\/v2(?:\/logs(?:\/trace)?)?$/, '');
  return base + tracePath;
}

export function addressOf(endpoint: string, operation: Operation): string {
  return `${endpoint.slice(0, -'trace'.length)}${operation}`;
}
