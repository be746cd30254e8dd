import { asText, isObject, parseJsonContainer } from './text.js';

/** A tool call in the shape of OpenAI's chat completions. */
export interface ToolCall {
  id?: string;
  type: 'function';
  function: { name: string; arguments: string };
}

function convertToolCall(call: Record<string, unknown>): ToolCall {
  const inner = isObject(call['function']) ? call['function'] : call;
  // Items of OpenAI's Responses API have an id of their own beside the one that results refer to.
  const id = call['call_id'] ?? call['id'] ?? call['toolCallId'] ?? call['tool_call_id'];
  const name = inner['name'] ?? inner['toolName'] ?? inner['tool_name'] ?? inner['function'] ?? '';
  const input = inner['arguments'] ?? inner['args'] ?? inner['input'] ?? inner['parameters'] ?? {};
  const converted: ToolCall = {
    type: 'function',
    function: { name: asText(name), arguments: asText(input) },
  };
  if (id === undefined || id === null) return converted;
  return { id: asText(id), ...converted };
}

function isToolCall(call: unknown): call is Record<string, unknown> {
  return isObject(call);
}

/** Whether a call already has the target's shape, so that nothing else of it may be lost by converting. */
function isConverted(call: Record<string, unknown>): boolean {
  const inner = call['function'];
  return isObject(inner) && typeof inner['name'] === 'string' && typeof inner['arguments'] === 'string';
}

/** Tool calls of OpenAI, Anthropic, LangChain, Vercel and others in OpenAI's shape. Takes a list or one call. */
export function convertToolCalls(value: unknown): Record<string, unknown>[] {
  const parsed = typeof value === 'string' ? parseJsonContainer(value) : value;
  const list: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  return list.filter(isToolCall).map((call) => (isConverted(call) ? call : { ...convertToolCall(call) }));
}
