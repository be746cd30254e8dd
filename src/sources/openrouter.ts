import { readNumber } from '../span/numbers.js';
import { isObject } from '../span/text.js';
import { missingField, notAnObject } from './not-an-object.js';
import { recogniser } from './recognisers/openrouter.js';
import { RowFields } from './row-fields.js';
import type { MapContext, Mapped, Source } from './source.js';
import { standAlone } from './trace-by.js';
import { utcTime } from './utc-time.js';

const fields: readonly (readonly [string, string])[] = [
  ['model', 'model_permaslug'],
  ['provider_id', 'provider_name'],
  ['prompt_tokens', 'tokens_prompt'],
  ['completion_tokens', 'tokens_completion'],
  ['reasoning_tokens', 'tokens_reasoning'],
  ['cost', 'cost_total'],
  ['stream', 'streamed'],
];

function map(row: unknown, context: MapContext): Mapped {
  const expected = "a generation of OpenRouter's activity export";
  if (!isObject(row)) return notAnObject(row, expected);
  const generation = new RowFields(row, context.text);
  if (generation.peek('generation_id') === undefined) return missingField('generation_id', expected);
  const { draft } = generation;
  generation.moveTo('spanId', 'generation_id');
  standAlone(draft);
  generation.moveTo('start', 'created_at');
  draft.start = utcTime(draft.start);
  const took = generation.take('generation_time_ms');
  if (took !== undefined) draft.latency = { value: took, unit: 'ms' };
  draft.sourceNames['latency'] = 'generation_time_ms';
  const firstToken = readNumber(generation.peek('time_to_first_token_ms'));
  if (firstToken >= 0) {
    generation.take('time_to_first_token_ms');
    generation.set('time_to_first_token', firstToken / 1000, 'time_to_first_token_ms');
  }
  for (const [field, name] of fields) generation.move(field, name);
  generation.set('log_type', 'generation', 'log_type');
  return { kind: 'drafts', drafts: [generation.finish()] };
}

/**
 * The activity export of OpenRouter (CSV): a generation per row, without prompts and answers.
 *
 * Columns from an export of August 2025. `created_at` is UTC and the start; times taken are milliseconds, costs US
 * dollars. There are no traces and no sessions: each generation is a trace, unless `--trace-by` names a column that groups
 * them.
 * Dropped: empty cells.
 */
export const openrouter: Source = {
  ...recogniser,
  map,
};
