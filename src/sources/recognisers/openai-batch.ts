import { isObject } from '../../span/text.js';
import { decoded } from '../decoded.js';
import type { Evidence, Recogniser } from '../source.js';

function isBatchRow(row: unknown): boolean {
  if (!isObject(row) || !('custom_id' in row)) return false;
  if ('body' in row) return 'method' in row || 'url' in row || isObject(decoded(row['body']));
  return 'response' in row || 'error' in row;
}

function detect(sample: readonly unknown[]): Evidence {
  const agreeing = sample.filter(isBatchRow).length;
  return { agreeing, because: 'custom_id beside a body or a response in the rows' };
}

export const recogniser: Recogniser = {
  name: 'openai-batch',
  title: 'OpenAI batches',
  checked: 'verified',
  recognisedBy: '`custom_id` beside `body` or `response`',
  detect,
};
