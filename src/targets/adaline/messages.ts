import { isObject } from '../../span/text.js';
import { partOf, textPart, toolCallPart, toolResponsePart, type Part } from './message-parts.js';

/** A message in Adaline's shape. */
export interface AdalineMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: Part[];
}

const roles: ReadonlyMap<unknown, AdalineMessage['role']> = new Map<unknown, AdalineMessage['role']>([
  ['system', 'system'],
  ['developer', 'system'],
  ['assistant', 'assistant'],
  ['tool', 'tool'],
]);

/** Names of the functions that the messages call, by the id of the call: an answer of a tool seldom tells it. */
function namesOfCalls(messages: readonly unknown[]): ReadonlyMap<unknown, unknown> {
  const calls = messages.flatMap((message) => (isObject(message) ? listOf(message['tool_calls']) : []));
  return new Map(calls.filter(isObject).map((call) => [call['id'], functionOf(call)['name']]));
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function functionOf(call: Record<string, unknown>): Record<string, unknown> {
  return isObject(call['function']) ? call['function'] : call;
}

/** Signed or redacted thinking where the message has it, else its bare words. */
function reasoningOf(message: Record<string, unknown>): Part[] {
  const { thinking_blocks: blocks, reasoning_content: words } = message;
  const parts = listOf(blocks).flatMap((block): Part[] => {
    if (!isObject(block)) return [];
    const { type, thinking, signature, data } = block;
    if (type === 'redacted_thinking' && typeof data === 'string') {
      return [{ modality: 'reasoning', value: { type: 'redacted', data } }];
    }
    if (typeof thinking !== 'string') return [];
    const signed = typeof signature === 'string' ? { signature } : {};
    return [{ modality: 'reasoning', value: { type: 'thinking', thinking, ...signed } }];
  });
  if (parts.length > 0 || typeof words !== 'string') return parts;
  return [{ modality: 'reasoning', value: { type: 'thinking', thinking: words } }];
}

function contentOf(content: unknown): Part[] {
  if (content === undefined || content === null) return [];
  return Array.isArray(content) ? content.map(partOf) : [textPart(content)];
}

function messageOf(value: unknown, names: ReadonlyMap<unknown, unknown>): AdalineMessage {
  if (!isObject(value)) return { role: 'user', content: [textPart(value)] };
  const { role, content, tool_call_id: callId, name } = value;
  if (role === 'tool' && (callId !== undefined || !Array.isArray(content))) {
    return { role: 'tool', content: [toolResponsePart(0, callId, name ?? names.get(callId), content)] };
  }
  const calls = listOf(value['tool_calls']).filter(isObject);
  const parts = [...reasoningOf(value), ...contentOf(content)];
  const called = calls.map((call, index) => {
    const { name: tool, arguments: input } = functionOf(call);
    return toolCallPart(index, call['id'], tool, input);
  });
  return { role: roles.get(role) ?? 'user', content: [...parts, ...called] };
}

/**
 * Messages of the ingest contract in Adaline's shape, one for one. What a message says beyond role, words, media,
 * reasoning and calls of tools has no place there.
 */
export function adalineMessages(messages: readonly unknown[]): AdalineMessage[] {
  const names = namesOfCalls(messages);
  return messages.map((message) => messageOf(message, names));
}
