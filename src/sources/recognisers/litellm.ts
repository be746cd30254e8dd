import { isObject } from '../../span/text.js';
import { decoded } from '../decoded.js';
import type { Evidence, Recogniser } from '../source.js';

export function isLog(row: unknown): boolean {
  if (!isObject(row)) return false;
  if ('call_type' in row && 'startTime' in row && ('response_cost' in row || 'spend' in row)) return true;
  if ('request_id' in row && 'spend' in row && 'startTime' in row) return true;
  const metadata = decoded(row['metadata']);
  const isCallback = 'model' in row && ('messages' in row || 'response' in row);
  return isCallback && isObject(metadata) && 'user_api_key_hash' in metadata;
}

function detect(sample: readonly unknown[]): Evidence {
  const agreeing = sample.filter(isLog).length;
  return { agreeing, because: 'response_cost or spend beside call_type and startTime in the rows' };
}

export const recogniser: Recogniser = {
  name: 'litellm',
  title: 'LiteLLM logs',
  checked: 'schema',
  recognisedBy: '`response_cost` or `spend` beside `call_type` and `startTime`',
  detect,
};
