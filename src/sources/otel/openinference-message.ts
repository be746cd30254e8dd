import { asText, isObject } from '../../span/text.js';

function without(object: Record<string, unknown>, ...names: string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** OpenLLMetry: `{id, name, arguments}`; OpenInference: `{tool_call: {id, function: {name, arguments}}}`. */
function toolCall(value: unknown): unknown {
  if (!isObject(value)) return value;
  const inner = isObject(value['tool_call']) ? value['tool_call'] : {};
  const call = { ...without(value, 'tool_call'), ...inner };
  const written = call['function'];
  const named: Record<string, unknown> = isObject(written) ? written : call;
  const about = {
    ...(isObject(written) ? written : {}),
    name: asText(named['name'] ?? ''),
    arguments: asText(named['arguments'] ?? '{}'),
  };
  return { type: 'function', ...without(call, 'function', 'name', 'arguments'), function: about };
}

/** `{message_content: {type, text}}` or `{…, image: {image: {url}}}`, as OpenAI writes parts. */
function part(value: unknown): unknown {
  if (!isObject(value) || !isObject(value['message_content'])) return value;
  const content = { ...without(value, 'message_content'), ...value['message_content'] };
  const outer = content['image'];
  const image = isObject(outer) && isObject(outer['image']) ? outer['image'] : outer;
  if (!isObject(image) || typeof image['url'] !== 'string') return content;
  return { ...without(content, 'image', 'type'), type: 'image_url', image_url: image };
}

function functionCall(message: Record<string, unknown>): unknown[] {
  const name = message['function_call_name'];
  if (name === undefined) return [];
  return [toolCall({ name, arguments: message['function_call_arguments_json'] })];
}

/**
 * A message as the indexed attributes of OpenInference (`{message: {role, content, contents, tool_calls}}`) and of
 * OpenLLMetry (`{role, content, tool_calls}`) spell it, as an OpenAI chat message. What has no place stays in it.
 */
export function messageFromAttributes(value: unknown): unknown {
  if (!isObject(value)) return value;
  const inner = isObject(value['message']) ? value['message'] : {};
  const message = { ...without(value, 'message'), ...inner };
  const { role, content, contents, tool_calls: calls } = message;
  const parts = Array.isArray(contents) ? contents.map(part) : [];
  const words = content === undefined || content === '' ? [] : [{ type: 'text', text: asText(content) }];
  const toolCalls = [...(Array.isArray(calls) ? calls.map(toolCall) : []), ...functionCall(message)];
  return {
    ...(typeof role === 'string' && role !== '' ? { role } : {}),
    content: parts.length === 0 ? (content ?? null) : [...words, ...parts],
    ...(toolCalls.length > 0 ? { tool_calls: toolCalls } : {}),
    ...without(
      message,
      'role',
      'content',
      ...(Array.isArray(contents) ? ['contents'] : []),
      ...(Array.isArray(calls) ? ['tool_calls'] : []),
      'function_call_name',
      ...('function_call_name' in message ? ['function_call_arguments_json'] : []),
    ),
  };
}
