import { configNames } from './config-names.js';
import { limits } from './limits.js';
import type { ContentType } from './request.js';

/** Fields that have a place in the content of a model's call, and in no other. */
const ofModels: ReadonlySet<string> = new Set([
  'model',
  'provider',
  'provider_id',
  'prompt_messages',
  'messages',
  'completion_message',
  'completion_messages',
  'tools',
  'prompt_tokens',
  'completion_tokens',
  'total_request_tokens',
  'cost',
  ...configNames.keys(),
]);

const reasons: ReadonlyMap<string, string> = new Map([
  ['latency', 'Adaline computes its own from start and end'],
  ['log_type', 'of its own types Adaline takes the nearest'],
  ['span_parent_id', 'the parent is not in the request, or its id is too long'],
  ['span_unique_id', 'its SHA-256 is in its place'],
  ['session_identifier', 'all spans of a trace have one session'],
  ['span_name', `of a name Adaline takes ${limits.nameLength} characters`],
]);

const inAnotherWay = 'its place in Adaline says it in another way';

/**
 * Why a field is an attribute of a span. `field`: its path, `prompt_messages[].name`; `type`: the span's, undefined where
 * several spans have the field.
 */
export function attributeReason(field: string, type: ContentType | undefined): string {
  const known = reasons.get(field);
  if (known !== undefined) return known;
  if (ofModels.has(field))
    return type === 'Model' ? inAnotherWay : 'Adaline has a place for it on Model spans alone';
  return field === 'input' || field === 'output' ? inAnotherWay : 'Adaline has no place for it';
}
