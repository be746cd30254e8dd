import { define } from '../span/define.js';
import { logTypeFromKind } from '../span/log-type.js';
import { readNumber } from '../span/numbers.js';
import { asText, isAbsent, isEmptyContainer, isObject } from '../span/text.js';
import { addConversation, callParameters, requestMessages } from './conversation.js';
import { FieldTaker, readJson } from './field-taker.js';
import { notAnObject } from './not-an-object.js';
import { isPage, recogniser } from './recognisers/weave.js';
import type { MapContext, Mapped, Source } from './source.js';
import { together, wrongType } from './unmappable.js';
import { utcTime } from './utc-time.js';

type Row = Record<string, unknown>;

const expected = 'a call of W&B Weave';

/** The name within `weave:///entity/project/op/name:hash`; other names as they are. */
function operationOf(opName: unknown): unknown {
  if (typeof opName !== 'string') return opName;
  return /^weave:\/\/\/.*\/op\/([^/]+?)(?::[^:/]*)?$/.exec(opName)?.[1] ?? opName;
}

function child(parent: Row, name: string): Row {
  const known = parent[name];
  if (isObject(known)) return known;
  const created: Row = {};
  define(parent, name, created);
  return created;
}

/** Tables flatten calls by dots. Models have dots in their names: the last part alone names what was counted. */
function nest(row: Row): Row {
  const nested: Row = {};
  for (const [name, value] of Object.entries(row)) {
    if (value === '') continue;
    const [first = '', ...rest] = name.split('.');
    const models = /^summary\.(usage|weave\.costs)\.(.+)\.([^.]+)$/.exec(name);
    if (models !== null) {
      const [, path = '', model = '', what = ''] = models;
      const at = path.split('.').reduce(child, child(nested, 'summary'));
      define(child(at, model), what, value);
    } else if (name.startsWith('summary.weave.')) {
      define(child(child(nested, 'summary'), 'weave'), name.slice('summary.weave.'.length), readJson(value));
    } else if (rest.length > 0 && ['inputs', 'output', 'attributes', 'summary'].includes(first)) {
      define(child(nested, first), rest.join('.'), readJson(value));
    } else {
      define(nested, name, readJson(value));
    }
  }
  return nested;
}

/** What was counted, summed over the models; undefined where no model has such a count. */
function sum(models: readonly unknown[], names: readonly string[]): number | undefined {
  const counts = models.filter(isObject).map((model) => {
    const name = names.find((each) => !isAbsent(model[each]));
    return name === undefined ? NaN : readNumber(model[name]);
  });
  const known = counts.filter(Number.isFinite);
  return known.length === 0 ? undefined : known.reduce((total, count) => total + count, 0);
}

function hasAny(model: unknown, names: readonly string[]): boolean {
  return isObject(model) && names.some((name) => !isAbsent(model[name]));
}

function takeUsage(row: FieldTaker, usage: Row, isCall: boolean): void {
  const names = Object.keys(usage);
  const models = Object.values(usage);
  const { fields, sourceNames } = row.draft;
  const [only] = names;
  // A call that others were made within carries their sums, and is no call to a model.
  if (names.length === 1 && isCall) {
    fields['model'] = only;
    sourceNames['model'] = 'summary.usage';
  }
  const counts = [
    ['prompt_tokens', ['prompt_tokens', 'input_tokens']],
    ['completion_tokens', ['completion_tokens', 'output_tokens']],
    ['total_request_tokens', ['total_tokens']],
  ] as const;
  for (const [field, spellings] of counts) {
    const count = sum(models, spellings);
    // Not every model tells its total.
    const isPartOfTotal =
      field === 'total_request_tokens' && !models.every((model) => hasAny(model, spellings));
    if (count === undefined || isPartOfTotal) continue;
    fields[field] = count;
    sourceNames[field] = 'summary.usage';
  }
  row.keep('summary.usage', usage);
}

function takeCosts(row: FieldTaker, costs: unknown): void {
  if (!isObject(costs)) return;
  const models = Object.values(costs);
  const parts = [sum(models, ['prompt_tokens_total_cost']), sum(models, ['completion_tokens_total_cost'])];
  const known = parts.filter((part) => part !== undefined);
  // Beyond 15 digits a sum of decimals shows how they are stored.
  if (known.length > 0) {
    const cost = known.reduce((total, part) => total + part, 0);
    row.draft.fields['cost'] = Number(cost.toPrecision(15));
  }
  row.keep('summary.weave.costs', costs);
}

function takeSummary(row: FieldTaker, isCall: boolean): void {
  const summary = readJson(row.take('summary')?.value);
  if (!isObject(summary)) return row.keep('summary', summary);
  for (const [name, value] of Object.entries(summary)) {
    if (name === 'usage' && isObject(value)) takeUsage(row, value, isCall);
    else if (name === 'weave' && isObject(value)) takeWeave(row, value);
    else row.keep(`summary.${name}`, value);
  }
}

function takeWeave(row: FieldTaker, weave: Row): void {
  for (const [name, value] of Object.entries(weave)) {
    if (name === 'costs') takeCosts(row, value);
    else if (name === 'latency_ms') row.draft.latency = { value, unit: 'ms' };
    else row.keep(`summary.weave.${name}`, value);
  }
  row.draft.sourceNames['latency'] = 'summary.weave.latency_ms';
  const { status } = weave;
  if (status === 'success') row.draft.fields['status_code'] = 200;
  else if (status === 'error') row.draft.fields['status_code'] = 500;
}

function takeStatus(row: FieldTaker): void {
  if (row.set('error_message', 'exception') !== undefined) row.draft.fields['status_code'] = 500;
}

function takeAttributes(row: FieldTaker): string | undefined {
  const attributes = readJson(row.take('attributes')?.value);
  if (!isObject(attributes)) {
    row.keep('attributes', attributes);
    return undefined;
  }
  for (const [name, value] of Object.entries(attributes)) row.keep(`attributes.${name}`, value);
  const weave = attributes['weave'];
  return logTypeFromKind(attributes['weave.kind'] ?? (isObject(weave) ? weave['kind'] : undefined));
}

/** Whether this is a call to a model, and not one that models were called within. */
function isModelCall(operation: unknown, inputs: unknown): boolean {
  if (isObject(inputs) && typeof inputs['model'] === 'string') return true;
  return (
    requestMessages(inputs) !== undefined || /completion|chat|generate|embed/i.test(asText(operation ?? ''))
  );
}

function mapCall(given: Row, context: MapContext): Mapped {
  for (const name of ['summary', 'attributes']) {
    const value = readJson(given[name]);
    if (!isAbsent(value) && !isObject(value)) return wrongType(name, value, 'an object');
  }
  const row = new FieldTaker(context.isRecord ? nest(given) : given);
  const { draft } = row;
  row.setPlace('traceId', 'trace_id');
  row.setPlace('spanId', 'id');
  row.setPlace('parentId', 'parent_id');
  row.setPlace('start', 'started_at');
  row.setPlace('end', 'ended_at');
  draft.start = utcTime(draft.start);
  draft.end = utcTime(draft.end);
  const operation = operationOf(row.peek('op_name'));
  const name = row.take('display_name') ?? { name: 'op_name', value: operation };
  draft.fields['span_name'] = name.value;
  draft.sourceNames['span_name'] = name.name;
  row.set('thread_identifier', 'thread_id');
  takeBodies(row, operation);
  takeStatus(row);
  return { kind: 'drafts', drafts: [row.finish()] };
}

function takeBodies(row: FieldTaker, operation: unknown): void {
  const { draft } = row;
  const [inputs, output] = [row.takeText('inputs')?.value, row.takeText('output')?.value];
  const request = readJson(inputs);
  const isCall = isModelCall(operation, request);
  if (inputs !== undefined && !isEmptyContainer(inputs)) draft.fields['input'] = inputs;
  if (output !== undefined) draft.fields['output'] = output;
  const kind = takeAttributes(row);
  takeSummary(row, isCall);
  if (isCall) {
    if (isObject(request)) Object.assign(draft.fields, callParameters(request));
    if (isObject(request) && typeof request['model'] === 'string') draft.fields['model'] ??= request['model'];
    addConversation(draft, request, readJson(output));
  }
  if (kind !== undefined) draft.fields['log_type'] = kind;
}

function map(row: unknown, context: MapContext): Mapped {
  if (!isObject(row)) return notAnObject(row, expected);
  if (Object.keys(row).length === 0) return { kind: 'skip', reason: 'empty_object' };
  if (isPage(row)) return together(row['calls'].map((call) => map(call, context)));
  const isKnown = ['op_name', 'started_at', 'trace_id'].some((name) => name in row);
  return isKnown ? mapCall(row, context) : { kind: 'skip', reason: 'no_call' };
}

/**
 * Calls of W&B Weave: JSONL and JSON, and the CSV and TSV of the UI, whose columns flatten objects by dots.
 *
 * From the call schema of Weave's trace server; no real export was at hand. Times are ISO 8601 in UTC,
 * `summary.weave.latency_ms` milliseconds, costs US dollars. A span is named by `display_name`, else by the operation
 * within `op_name`, which stays in the metadata whole. `wb_user_id` is who logged the call, not whom it served.
 *
 * `summary.usage` and `summary.weave.costs` are kept by model in the metadata; their sums over the models are the
 * span's counts and its cost. Calls that others were made within carry the sums of those and are mapped as given, but
 * without a model: that is named only where the inputs or the operation tell a call to a model.
 *
 * Dropped: empty objects, lists and cells.
 */
export const weave: Source = {
  ...recogniser,
  map,
};
