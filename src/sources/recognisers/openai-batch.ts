import { isObject } from '../../span/text.js';
import { decoded } from '../decoded.js';
import type { Evidence, Recogniser } from '../source.js';

function isBatchRow(row: unknown): boolean {
  if (!isObject(row) || !('custom_id' in row)) return false;
  // Anthropic's: requests hold `params`, results tell what became of them.
  if (isObject(decoded(row['params']))) return true;
  const result = decoded(row['result']);
  if (isObject(result)) return typeof result['type'] === 'string';
  if ('body' in row) return 'method' in row || 'url' in row || isObject(decoded(row['body']));
  return 'response' in row || 'error' in row;
}

function detect(sample: readonly unknown[]): Evidence {
  const agreeing = sample.filter(isBatchRow).length;
  return { agreeing, because: 'custom_id beside a request or its answer in the rows' };
}

export const recogniser: Recogniser = {
  name: 'openai-batch',
  title: 'Batches of OpenAI and Anthropic',
  checked: 'verified',
  recognisedBy: '`custom_id` beside `body`, `response`, `params` or `result`',
  detect,
};
