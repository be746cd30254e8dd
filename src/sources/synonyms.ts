import { columnNames } from './column-names.js';
import { fieldKinds } from '../span/fields.js';
import { remember } from '../span/remember.js';

/**
 * What a column of a generic log can mean: a field of the contract, or one of the meanings that the generic source
 * works out together with other columns.
 */
export type Meaning = string;

/** A name without case and separators: `Start Time`, `startTime`, `start_time` and `start.time` are one. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** Objects whose entries are columns of their own: `usage.prompt_tokens`, `tokens: {"input": 5}`. */
const containers = ['usage', 'tokenusage', 'usagemetadata', 'tokens', 'tokencounts', 'metrics', 'llm'];

const nestable: readonly Meaning[] = [
  'model',
  'prompt_tokens',
  'completion_tokens',
  'total_request_tokens',
  'prompt_cache_hit_tokens',
  'prompt_cache_creation_tokens',
  'reasoning_tokens',
  'cost',
];

/** Fields that steer the server or hold what the generic source works out itself. */
const notColumns = new Set([
  'prompt',
  'messages',
  'usage',
  'field_name',
  'delimiter',
  'ttft',
  'latency',
  'generation_time',
]);

const meanings = new Map<string, { meaning: Meaning; rank: number }>();

function learn(name: string, meaning: Meaning, rank: number): void {
  if (!meanings.has(name)) meanings.set(name, { meaning, rank });
}

for (const [meaning, list] of Object.entries(columnNames))
  list.forEach((name, rank) => learn(name, meaning, rank));
for (const meaning of nestable) {
  columnNames[meaning]?.forEach((name, rank) =>
    containers.forEach((container) => learn(container + name, meaning, 100 + rank)),
  );
}
for (const container of containers) {
  learn(`${container}input`, 'prompt_tokens', 200);
  learn(`${container}prompt`, 'prompt_tokens', 201);
  learn(`${container}output`, 'completion_tokens', 200);
  learn(`${container}completion`, 'completion_tokens', 201);
  learn(`${container}total`, 'total_request_tokens', 200);
}
for (const field of fieldKinds.keys()) if (!notColumns.has(field)) learn(plainName(field), field, 300);

/** Columns that hold anything, so that they do not tell a log. */
export function isOpaque(meaning: Meaning): boolean {
  return meaning === 'metadata' || meaning === 'attributes';
}

/** What the names of times say beside: `timestamp_ms`, `datetime_utc`, `start_time_unix_nano`. */
const timeSuffix = /(?:utc|gmt|iso|unix|epoch)?(?:seconds?|secs?|ms|millis|us|micros?|ns|nanos?)?$/;

const times: readonly Meaning[] = ['start', 'end', 'time'];

/** A time whose name also says its unit or its zone: units are told by size, zones are in the value. */
function timeWithSuffix(plain: string): { meaning: Meaning; rank: number } | undefined {
  const found = meanings.get(plain.replace(timeSuffix, ''));
  return found !== undefined && times.includes(found.meaning)
    ? { ...found, rank: found.rank + 100 }
    : undefined;
}

/** What a column means; `rank` orders columns of the same meaning, lower wins. */
export const meaningOf = remember((name) => {
  const plain = plainName(name);
  return meanings.get(plain) ?? timeWithSuffix(plain);
});

export const isContainer = remember((name) => containers.includes(plainName(name)));
