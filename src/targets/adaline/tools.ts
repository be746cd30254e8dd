import { isObject } from '../../span/text.js';

/** Tools of OpenAI's shape in Adaline's; only functions have a place there. From `@adaline/types` 1.12 (tool). */
export function adalineTools(tools: readonly unknown[]): Record<string, unknown>[] {
  return tools.flatMap((tool) =>
    isObject(tool) && tool['type'] === 'function' && isObject(tool['function'])
      ? [{ type: 'function', definition: { schema: tool['function'] } }]
      : [],
  );
}

/** Tools of Adaline in OpenAI's shape; what is no function stays as it is. */
export function readTools(tools: readonly unknown[]): Record<string, unknown>[] {
  return tools.filter(isObject).map((tool) => {
    const { type, definition } = tool;
    const schema = isObject(definition) ? definition['schema'] : undefined;
    return type === 'function' && isObject(schema) ? { type, function: schema } : tool;
  });
}
