import { createHash } from 'node:crypto';

import type { SpanFinding } from './findings.js';
import { limits } from './limits.js';

/**
 * An id as the destination takes it. Longer ones become 64 hexadecimal digits of their SHA-256, so that the same id is
 * the same in every request and every run.
 */
export function referenceIdOf(id: string): string {
  return id.length <= limits.idLength ? id : createHash('sha256').update(id).digest('hex');
}

/** What is told of an id for which its hash stands. */
export function hashedId(field: string, id: string, what = 'the id'): SpanFinding {
  const message = `${what} has ${id.length} characters, Adaline takes ${limits.idLength}; its SHA-256 is sent, the id in an attribute`;
  return { code: 'id_hashed', message, hint: '', field };
}
