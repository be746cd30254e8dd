import { exactEntries, exactValue } from '../../span/source-text.js';
import type { SpanDraft } from '../../span/span.js';
import { isAbsent, isEmptyContainer, isObject } from '../../span/text.js';
import { addTo } from './attributes.js';
import { startTimes } from './sdk-shapes.js';
import { draftOf, RowKeys, type Named } from './span-parts.js';

/** Columns that hand-written exporters lift out of the attributes, or add to them. */
const lifted: readonly (readonly [string, string])[] = [
  ['model', 'model'],
  ['prompt_tokens', 'prompt_tokens'],
  ['completion_tokens', 'completion_tokens'],
  ['total_tokens', 'total_request_tokens'],
  ['input', 'input'],
  ['output', 'output'],
  ['cost', 'cost'],
  ['session_id', 'session_identifier'],
  ['user_id', 'customer_identifier'],
];

function addLifted(draft: SpanDraft, rest: Map<string, unknown>): void {
  for (const [name, field] of lifted) {
    const value = rest.get(name);
    if (isAbsent(value)) continue;
    if (!(field in draft.fields)) {
      draft.fields[field] = value;
      draft.sourceNames[field] = name;
      rest.delete(name);
    } else if (draft.fields[field] === value) rest.delete(name);
  }
}

function takeLatency(keys: RowKeys): { name: string; value: unknown; unit: 'ns' | 'ms' | 's' } | undefined {
  const units = [
    ['duration_ns', 'ns'],
    ['duration_ms', 'ms'],
    ['duration', 's'],
  ] as const;
  for (const [column, unit] of units) {
    const { name, value } = keys.take(column);
    if (!isAbsent(value)) return { name, value, unit };
  }
  return undefined;
}

/** The ids of `context`; what else it holds is kept, but for the empty trace state that every span has. */
function takeContext(keys: RowKeys): { traceId: Named; spanId: Named; rest: [string, unknown][] } {
  const context = keys.take('context');
  if (!isObject(context.value)) {
    return { traceId: keys.take('trace_id'), spanId: keys.take('span_id'), rest: [] };
  }
  const { trace_id: traceId, span_id: spanId, ...others } = context.value;
  const rest = Object.entries(others).filter(([, value]) => !isEmptyContainer(value));
  return {
    traceId: { name: 'context.trace_id', value: traceId },
    spanId: { name: 'context.span_id', value: spanId },
    rest: rest.map(([name, value]) => [`context.${name}`, value]),
  };
}

/**
 * A span of the Python SDK, or flattened by hand: times as ISO text or in nanoseconds since the epoch, durations as
 * their names say (`duration` alone: seconds). `text` gives the row's JSON, for integers that `JSON.parse` rounds.
 */
export function pythonSpanDraft(row: Record<string, unknown>, text: () => string): SpanDraft {
  const keys = new RowKeys(row);
  const { traceId, spanId, rest } = takeContext(keys);
  const exact = ({ name, value }: Named): Named => ({ name, value: exactValue(value, [name], text) });
  const parentId = keys.take('parent_id', 'parent_span_id', 'parentId', 'parentSpanId');
  const start = exact(keys.take('start_time', ...startTimes.slice(1)));
  const end = exact(keys.take('end_time', 'endTime', 'end_time_unix_nano', 'endTimeUnixNano', 'ended_at'));
  const latency = takeLatency(keys);
  const draft = draftOf({
    traceId: exact(traceId),
    spanId: exact(spanId),
    parentId: exact(parentId),
    start,
    end,
    latency,
    name: keys.take('name').value,
    kind: keys.take('kind').value,
    attributes: exactEntries(keys.take('attributes').value, ['attributes'], text),
    status: keys.take('status').value,
    events: keys.take('events').value,
    links: keys.take('links').value,
    resource: keys.take('resource').value,
    scope: keys.take('instrumentation_scope', 'instrumentation_info').value,
    rest,
  });
  const left = keys.rest();
  addLifted(draft, left);
  for (const [name, value] of left) {
    if (!isAbsent(value) && !isEmptyContainer(value)) addTo(draft.metadata, name, value);
  }
  return draft;
}
