import { isObject } from '../../span/text.js';
import type { Evidence, Recogniser } from '../source.js';

function detect(sample: readonly unknown[]): Evidence {
  const agreeing = sample.filter(
    (row) => isObject(row) && 'generation_id' in row && ('model_permaslug' in row || 'tokens_prompt' in row),
  ).length;
  return { agreeing, because: 'generation_id and model_permaslug in the rows' };
}

export const recogniser: Recogniser = {
  name: 'openrouter',
  title: 'OpenRouter activity',
  checked: 'verified',
  recognisedBy: '`generation_id` beside `model_permaslug`',
  detect,
};
