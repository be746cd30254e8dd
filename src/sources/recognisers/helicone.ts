import { isObject } from '../../span/text.js';
import type { Evidence, Recogniser } from '../source.js';

/** Answers of the query endpoint: `{data: […]}`. */
export function isPage(row: Record<string, unknown>): row is { data: unknown[] } {
  return Array.isArray(row['data']) && row['data'].length > 0 && !('request_created_at' in row);
}

function isRequest(row: unknown): boolean {
  if (!isObject(row)) return false;
  if (isPage(row)) return row['data'].every(isRequest);
  const bodies = ['request_body', 'request_path', 'signed_body_url', 'request_properties'];
  const hasTimes = 'request_created_at' in row && 'response_created_at' in row;
  return hasTimes && bodies.some((name) => name in row);
}

function detect(sample: readonly unknown[]): Evidence {
  const agreeing = sample.filter(isRequest).length;
  return { agreeing, because: 'request_created_at and response_created_at beside a request body or path' };
}

export const recogniser: Recogniser = {
  name: 'helicone',
  title: 'Helicone requests',
  checked: 'schema',
  recognisedBy: '`request_created_at` and `response_created_at` beside `request_body` or `request_path`',
  detect,
};
