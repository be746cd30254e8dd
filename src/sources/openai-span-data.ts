import { looksLikeMessages } from '../span/messages.js';
import { isObject } from '../span/text.js';
import { takeParameters } from './model-parameters.js';
import { addAnswer, addResponseBody } from './openai-bodies.js';
import { isOpenaiResponse } from './openai-shapes.js';
import { readPythonObject } from './python-object.js';
import { decoded } from './decoded.js';
import { RowFields } from './row-fields.js';
import { addUsage } from './token-usage.js';

const logTypes: Readonly<Record<string, string>> = {
  agent: 'agent',
  function: 'tool',
  generation: 'generation',
  response: 'response',
  handoff: 'handoff',
  guardrail: 'guardrail',
  custom: 'custom',
  task: 'task',
  turn: 'task',
  transcription: 'transcription',
  speech: 'speech',
  speech_group: 'speech',
  mcp_tools: 'tool',
};

/** A tool call or a message among the items of the Responses API, or a chat message. */
function isTurn(value: unknown): boolean {
  return isObject(value) && (typeof value['role'] === 'string' || typeof value['type'] === 'string');
}

function addConversation(span: RowFields, data: RowFields): void {
  const input = decoded(data.take('input'));
  const output = decoded(data.take('output'));
  span.set('input', input, 'span_data.input');
  span.set('output', output, 'span_data.output');
  const type = data.peek('type');
  if (type !== 'generation' && type !== 'response') return;
  if (looksLikeMessages(input) || (Array.isArray(input) && input.length > 0 && input.every(isTurn))) {
    span.set('prompt_messages', input, 'span_data.input');
  }
  const answers = (Array.isArray(output) ? output : [output]).filter(isTurn);
  span.set(
    'completion_message',
    answers.find((item) => isObject(item) && 'role' in item) ?? answers[0],
    'span_data.output',
  );
  if (answers.length > 1) span.set('completion_messages', answers, 'span_data.output');
}

function addByType(span: RowFields, data: RowFields): void {
  switch (data.peek('type')) {
    case 'agent': {
      const [tools, handoffs] = [data.take('tools'), data.take('handoffs')];
      span.set('span_tools', tools, 'span_data.tools');
      span.set('span_handoffs', handoffs, 'span_data.handoffs');
      return;
    }
    case 'function':
      span.set(
        'span_tools',
        [data.peek('name')].filter((name) => name !== undefined),
        'span_data.name',
      );
      return;
    case 'handoff':
      if (data.peek('from_agent') === undefined || data.peek('to_agent') === undefined) return;
      span.set(
        'span_handoffs',
        [`${String(data.peek('from_agent'))} -> ${String(data.peek('to_agent'))}`],
        'span_data',
      );
      return;
    case 'guardrail':
      if (data.peek('triggered') === true) span.set('has_warnings', true, 'span_data.triggered');
      return;
    default:
  }
}

/** The response as an object, or as the text that Python prints of one; then the text is kept as well. */
function addResponse(span: RowFields, data: RowFields): void {
  const given = decoded(data.peek('response'));
  if (isOpenaiResponse(given)) {
    data.take('response');
    addResponseBody(span, given, 'span_data.response');
  } else if (typeof given === 'string') {
    const read = readPythonObject(given);
    if (isOpenaiResponse(read)) addAnswer(span, read, 'span_data.response');
    else if (data.peek('type') === 'response')
      span.set('output', data.take('response'), 'span_data.response');
  }
}

/** Adds what `span_data` says. Leftovers go to the metadata as `span_data.…`. */
export function addSpanData(span: RowFields, given: Record<string, unknown>): void {
  const data = new RowFields(given);
  const type = data.peek('type');
  addByType(span, data);
  span.set('span_name', data.peek('name') ?? type, 'span_data.name');
  if (data.peek('name') !== undefined) data.take('name');
  span.set('log_type', (typeof type === 'string' ? logTypes[type] : undefined) ?? 'custom', 'span_data.type');
  addConversation(span, data);
  span.set('model', data.take('model'), 'span_data.model');
  const configuration = data.takeObject('model_config');
  if (configuration !== undefined) {
    span.keep('span_data.model_config', takeParameters(span, configuration, 'span_data.model_config'));
  }
  const usage = decoded(data.peek('usage'));
  addUsage(span, usage, 'span_data.usage');
  addResponse(span, data);
  for (const [name, value] of Object.entries(data.finish().metadata)) span.keep(`span_data.${name}`, value);
}

/**
 * Some exporters write `span_data` a second time beside it, flattened, and more fully: `span_data_input`, or `name`.
 * Takes these fields off the row where they say the same as `span_data`, and gives it completed by them.
 */
export function completedBySiblings(
  span: RowFields,
  row: Record<string, unknown>,
  data: Record<string, unknown>,
): Record<string, unknown> {
  const completed = { ...data };
  for (const [name, value] of Object.entries(row)) {
    const own = name.startsWith('span_data_') ? name.slice('span_data_'.length) : undefined;
    if (own === undefined || span.peek(name) === undefined) continue;
    if (!(own in completed) || completed[own] === null) completed[own] = value;
    if (isSame(completed[own], value)) span.take(name);
  }
  for (const [name, value] of Object.entries(completed)) {
    if (!spanNames.has(name) && isSame(span.peek(name), value)) span.take(name);
  }
  return completed;
}

const spanNames = new Set([
  'object',
  'id',
  'trace_id',
  'parent_id',
  'started_at',
  'ended_at',
  'span_data',
  'error',
]);

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
