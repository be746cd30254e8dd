import { isObject, parseJsonContainer } from '../../span/text.js';
import type { AttributeReader } from './attribute-reader.js';
import { nest } from './nest.js';

const toolNames = ['gen_ai.tool.name', 'tool.name', 'ai.toolCall.name'];
const listNames = ['gen_ai.tool.definitions', 'llm.tools', 'ai.prompt.tools', 'llm.request.functions'];

function parsed(value: unknown): unknown {
  return typeof value === 'string' ? parseJsonContainer(value) : value;
}

/** OpenInference wraps each tool: `{tool: {json_schema: "{…}"}}`, also with a dotted key. */
function definition(value: unknown): unknown {
  const item = parsed(value);
  if (!isObject(item)) return undefined;
  const tool = isObject(item['tool']) ? item['tool'] : undefined;
  const schema = tool?.['json_schema'] ?? item['tool.json_schema'];
  const alone = Object.keys(item).length === 1 && (tool === undefined || Object.keys(tool).length === 1);
  return alone && schema !== undefined ? parsed(schema) : item;
}

function definitions(value: unknown): unknown[] | undefined {
  const list = parsed(value);
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const found = list.map(definition);
  return found.every(isObject) ? found : undefined;
}

/** Takes the tools that a model could call, and the tool that a span is a call of. */
export function takeTools(reader: AttributeReader): void {
  reader.fill('span_tools', toolNames, (value) => typeof value === 'string');
  for (const name of listNames) {
    if (reader.has('tools')) return;
    const whole = definitions(reader.peek(name));
    const below = whole === undefined ? reader.takeBelow(`${name}.`, /^\d+\./) : [];
    const tools = whole ?? definitions(nest(below));
    if (tools === undefined) {
      for (const [rest, value] of below) reader.remaining.set(`${name}.${rest}`, value);
      continue;
    }
    reader.set('tools', name, tools);
    if (whole !== undefined) reader.remaining.delete(name);
  }
}
