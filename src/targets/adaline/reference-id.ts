import { createHash } from 'node:crypto';

import { limits } from './limits.js';

/**
 * An id as the destination takes it. Longer ones become 64 hexadecimal digits of their SHA-256, so that the same id is
 * the same in every request and every run.
 */
export function referenceIdOf(id: string): string {
  return id.length <= limits.idLength ? id : createHash('sha256').update(id).digest('hex');
}
