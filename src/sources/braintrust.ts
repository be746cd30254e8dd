import { logTypeFromKind } from '../span/log-type.js';
import { isAbsent, isObject } from '../span/text.js';
import { addConversation, callParameters } from './conversation.js';
import { FieldTaker, readJson } from './field-taker.js';
import { notAnObject } from './not-an-object.js';
import { isPage, recogniser } from './recognisers/braintrust.js';
import type { MapContext, Mapped, Source } from './source.js';
import { standAlone } from './trace-by.js';
import { together, wrongType } from './unmappable.js';

const expected = 'a row of a Braintrust log or experiment';

/** Types of spans whose words mean something else, or nothing, to the destination. */
const logTypes = new Map([
  ['llm', 'generation'],
  ['eval', 'workflow'],
  ['automation', 'workflow'],
  ['facet', 'custom'],
  ['preprocessor', 'custom'],
  ['other', 'custom'],
]);

const metrics: readonly (readonly [field: string, names: readonly string[]])[] = [
  ['prompt_tokens', ['metrics.prompt_tokens', 'metrics.input_tokens']],
  ['completion_tokens', ['metrics.completion_tokens', 'metrics.output_tokens']],
  ['total_request_tokens', ['metrics.tokens', 'metrics.total_tokens']],
  ['prompt_cache_hit_tokens', ['metrics.prompt_cached_tokens']],
  ['time_to_first_token', ['metrics.time_to_first_token']],
  ['cost', ['metrics.estimated_cost']],
];

function takeIds(row: FieldTaker, parents: unknown): void {
  const { draft } = row;
  const id = row.peek('id');
  row.setPlace('spanId', 'span_id', 'id');
  row.setPlace('traceId', 'root_span_id');
  // Rows from before spans are traces of one span.
  standAlone(draft);
  if (isAbsent(draft.spanId)) draft.spanId = id;
  const list = readJson(parents);
  const [first, ...others] = Array.isArray(list) ? list : [list];
  row.drop('span_parents');
  if (isAbsent(first)) return;
  draft.parentId = first;
  draft.sourceNames['parentId'] = 'span_parents';
  if (others.length > 0) row.keep('span_parents', list);
}

function takeTimes(row: FieldTaker, isMerge: boolean): void {
  row.setPlace('start', 'metrics.start');
  row.setPlace('end', 'metrics.end');
  // A row that patches another tells only what changed; when it was written is no start.
  if (row.draft.start === undefined && !isMerge) row.setPlace('start', 'created');
}

function takeKind(row: FieldTaker): void {
  const type = row.peek('span_attributes.type');
  if (typeof type !== 'string') return;
  const logType = logTypes.get(type.toLowerCase()) ?? logTypeFromKind(type);
  if (logType !== undefined) row.draft.fields['log_type'] = logType;
}

function takeError(row: FieldTaker): void {
  if (row.set('error_message', 'error') !== undefined) row.draft.fields['status_code'] = 500;
}

/** The model and its parameters are in the metadata, where they also stay. */
function readMetadata({ draft }: FieldTaker, metadata: unknown): void {
  if (!isObject(metadata)) return;
  const name = ['model', 'model_name', 'llm_model'].find((each) => typeof metadata[each] === 'string');
  if (name !== undefined) {
    draft.fields['model'] = metadata[name];
    draft.sourceNames['model'] = `metadata.${name}`;
  }
  Object.assign(draft.fields, callParameters(metadata));
}

function takeBodies(row: FieldTaker): void {
  const { draft } = row;
  const [input, output, wanted] = [row.takeText('input'), row.takeText('output'), row.takeText('expected')];
  if (input !== undefined) draft.fields['input'] = input.value;
  if (output !== undefined) draft.fields['output'] = output.value;
  if (wanted !== undefined) {
    draft.fields['ideal_output'] = wanted.value;
    draft.sourceNames['ideal_output'] = 'expected';
  }
  // The rows that patch a call do not repeat its type; what they say is recognised by its shape.
  const type = row.peek('span_attributes.type');
  const isCall = type === 'llm' || draft.fields['model'] !== undefined;
  if (isCall) addConversation(draft, readJson(input?.value), readJson(output?.value));
}

function mapRow(given: Record<string, unknown>): Mapped {
  const parents = readJson(given['span_parents']);
  const badParents = !isAbsent(parents) && !Array.isArray(parents) && typeof parents !== 'string';
  if (badParents) return wrongType('span_parents', parents, 'a list of span ids');
  const row = new FieldTaker(given);
  const { draft } = row;
  const isMerge = given['_is_merge'] === true || given['_is_merge'] === 'true';
  if (isMerge) draft.partial = true;
  row.drop('_is_merge');
  row.expand('metrics', 'span_attributes', 'context', 'scores');
  takeIds(row, parents);
  takeTimes(row, isMerge);
  row.set('span_name', 'span_attributes.name');
  takeKind(row);
  for (const [field, names] of metrics) row.set(field, ...names);
  takeError(row);
  const metadata = readJson(row.take('metadata')?.value);
  row.keep('metadata', metadata);
  readMetadata(row, metadata);
  takeBodies(row);
  return { kind: 'drafts', drafts: [row.finish()] };
}

function map(row: unknown, context: MapContext): Mapped {
  if (!isObject(row)) return notAnObject(row, expected);
  if (Object.keys(row).length === 0) return { kind: 'skip', reason: 'empty_object' };
  if (isPage(row)) return together(row['events'].map((event) => map(event, context)));
  const hasId = ['span_id', 'root_span_id', 'id'].some((name) => !isAbsent(row[name]));
  return hasId ? mapRow(row) : { kind: 'skip', reason: 'no_span' };
}

/**
 * Rows of Braintrust's logs and experiments: fetched (`{events}`), exported as JSON, JSONL or CSV (whose cells hold
 * objects as JSON), or as the SDK sends them, where rows with `_is_merge` patch an earlier row of the same span.
 *
 * From `generated_types.ts` of braintrust-sdk a696a723 and log rows of its end-to-end tests, whose ids, times and token
 * counts are placeholders: no complete export was at hand. `metrics.start` and `metrics.end` are epoch seconds; where
 * there is no start, `created` is it. `metrics.time_to_first_token` is seconds, `metrics.estimated_cost` US dollars.
 * A placeholder such as `<number>` is no count: it is kept in the metadata with a warning. `<timestamp>` as the only
 * time of a row rejects it, and a start of 0 is imported as 1970 with a warning.
 *
 * A span has one parent, the first of `span_parents`; several are kept in the metadata. A patch replaces what it names
 * key by key, but within one key of the metadata the later value stands alone.
 *
 * Dropped: `_is_merge`, which says how rows are joined; copies of a count under another name; empty objects and lists.
 */
export const braintrust: Source = {
  ...recogniser,
  map,
};
