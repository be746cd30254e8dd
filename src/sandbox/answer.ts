import type { IncomingMessage } from 'node:http';

export interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

export const notFound: Answer = { status: 404, body: { detail: 'Not found' } };

export function onlyMethod(method: string): Answer {
  return { status: 405, body: { detail: 'Method not allowed' }, headers: { allow: method } };
}

/** Whether the request bears a key, and the right one where only one is. */
export function isAuthorised({ headers }: IncomingMessage, key: string | undefined): boolean {
  const given = /^bearer +(\S+)$/i.exec(headers.authorization?.trim() ?? '')?.[1];
  return given !== undefined && (key === undefined || given === key);
}

/** JSON, plain or as gzip. */
export function isReadable({ headers }: IncomingMessage): boolean {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  const encoding = headers['content-encoding']?.toLowerCase() ?? 'identity';
  return type === 'application/json' && (encoding === 'gzip' || encoding === 'identity');
}
