import { isObject } from '../span/text.js';
import type { RowFields } from './row-fields.js';
import { addUsage } from './token-usage.js';

const messageTypes = new Set(['human', 'ai', 'system', 'tool', 'function', 'chat', 'AIMessageChunk']);

/** A chat message as LangChain (three shapes) and the vendors' SDKs write it. */
function isMessage(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false;
  if (typeof value['role'] === 'string') return true;
  if (value['type'] === 'constructor') return isObject(value['kwargs']) && 'content' in value['kwargs'];
  return messageTypes.has(String(value['type'])) && ('content' in value || isObject(value['data']));
}

function isMessages(value: unknown): value is Record<string, unknown>[] {
  return Array.isArray(value) && value.length > 0 && value.every(isMessage);
}

/** LangChain batches prompts: a list of conversations, nearly always one. */
function onlyConversation(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 && Array.isArray(value[0]) ? value[0] : value;
}

/** A body that is one text under the name of the body is that text. */
function plain(body: unknown, name: string): unknown {
  if (!isObject(body) || Object.keys(body).length !== 1) return body;
  return typeof body[name] === 'string' ? body[name] : body;
}

export function addInputs(row: RowFields, inputs: unknown): void {
  row.set('input', plain(inputs, 'input'), 'inputs');
  if (!isObject(inputs)) return;
  const messages = onlyConversation(inputs['messages'] ?? inputs['input']);
  if (isMessages(messages)) row.set('prompt_messages', messages, 'inputs.messages');
}

/** LangChain's LLM results: `generations` is a list, or a list of lists, of `{text, message, generation_info}`. */
function firstGeneration(outputs: Record<string, unknown>): Record<string, unknown> | undefined {
  const first: unknown = Array.isArray(outputs['generations']) ? outputs['generations'].flat()[0] : undefined;
  return isObject(first) ? first : undefined;
}

function answerOf(outputs: Record<string, unknown>): unknown {
  const choice: unknown = Array.isArray(outputs['choices']) ? outputs['choices'][0] : undefined;
  const candidates = [
    firstGeneration(outputs)?.['message'],
    isObject(choice) ? choice['message'] : undefined,
    outputs['message'],
    outputs['output'],
    outputs,
  ];
  return candidates.find(isMessage);
}

/** The model that answered, as LangChain and the vendors' SDKs tell it. */
export function modelOfOutputs(outputs: unknown): unknown {
  if (!isObject(outputs)) return undefined;
  const generation = firstGeneration(outputs)?.['generation_info'];
  const told = isObject(outputs['llm_output']) ? outputs['llm_output'] : {};
  const names = [
    told['model_name'] ?? told['model'],
    isObject(generation) ? generation['model_name'] : undefined,
    outputs['model'],
  ];
  return names.find((name) => typeof name === 'string');
}

export function addOutputs(row: RowFields, outputs: unknown): void {
  row.set('output', plain(outputs, 'output'), 'outputs');
  if (!isObject(outputs)) return;
  row.set('completion_message', answerOf(outputs), 'outputs');
  const { usage_metadata: usage, llm_output: told } = outputs;
  addUsage(row, usage, 'outputs.usage_metadata');
  if (isObject(told)) addUsage(row, told['token_usage'] ?? told['usage'], 'outputs.llm_output.token_usage');
  const message = firstGeneration(outputs)?.['message'];
  const kwargs = isObject(message) ? (message['kwargs'] ?? message['data'] ?? message) : undefined;
  if (isObject(kwargs)) addUsage(row, kwargs['usage_metadata'], 'outputs.generations.message.usage_metadata');
  if (Array.isArray(outputs['choices'])) addUsage(row, outputs['usage'], 'outputs.usage');
}
