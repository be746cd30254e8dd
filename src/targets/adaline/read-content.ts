import { asText, isObject } from '../../span/text.js';
import { configNames } from './config-names.js';
import { parseJson, textOfJson } from './json-text.js';
import { areAdalineMessages, readMessages } from './read-messages.js';
import { readTools } from './tools.js';

type Fields = Record<string, unknown>;

/** The text of messages that stand for a whole input: the words of a single one, else all of them as JSON. */
export function inputOfMessages(messages: readonly Fields[]): string | undefined {
  const [only] = messages;
  if (only === undefined) return undefined;
  const words = messages.length === 1 ? only['content'] : undefined;
  return typeof words === 'string' ? words : JSON.stringify(messages);
}

function objectOf(json: unknown): Fields | undefined {
  const value = typeof json === 'string' ? parseJson(json) : json;
  return isObject(value) ? value : undefined;
}

function textOf(json: unknown): string | undefined {
  return typeof json === 'string'
    ? textOfJson(json)
    : json === undefined || json === null
      ? undefined
      : asText(json);
}

/** What the input of a call says, in fields of Respan: a request in Adaline's shape, or any other JSON. */
function fieldsOfInput(json: unknown): Fields {
  const request = objectOf(json);
  const messages = request?.['messages'];
  if (request === undefined || !areAdalineMessages(messages)) return { input: textOf(json) };
  const { config, tools } = request;
  const read = readMessages(messages);
  const fields: Fields = {};
  if (read.length > 0) {
    fields['prompt_messages'] = read;
    fields['input'] = inputOfMessages(read);
  }
  for (const [field, name] of configNames) {
    const value = isObject(config) ? config[name] : undefined;
    if (typeof value === 'number') fields[field] = value;
  }
  if (Array.isArray(tools) && tools.length > 0) fields['tools'] = readTools(tools);
  return fields;
}

function fieldsOfUsage(usage: unknown): Fields {
  if (!isObject(usage)) return {};
  const { promptTokens, completionTokens, totalTokens } = usage;
  const isSum = totalTokens === Number(promptTokens) + Number(completionTokens);
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_request_tokens: isSum ? undefined : totalTokens,
  };
}

function fieldsOfOutput(json: unknown): Fields {
  const response = objectOf(json);
  const messages = response?.['messages'];
  if (response === undefined || !areAdalineMessages(messages)) return { output: textOf(json) };
  const read = readMessages(messages);
  const usage = fieldsOfUsage(response['tokenUsage'] ?? response['usage']);
  if (read.length === 0) return usage;
  const answer = read.length === 1 ? { completion_message: read[0] } : { completion_messages: read };
  return { ...answer, output: inputOfMessages(read), ...usage };
}

/**
 * What a content says, in fields of Respan, without its type. Input and output are JSON texts, or the values that they
 * encode. Fields of which nothing is said are left out.
 */
export function fieldsOfContent(content: Fields): Fields {
  const { type, input, output, model, provider, cost } = content;
  const isCall = type === 'Model' || type === 'ModelStream';
  const fields = isCall
    ? {
        model,
        provider_id: provider,
        cost: cost ?? undefined,
        ...fieldsOfInput(input),
        ...fieldsOfOutput(output),
      }
    : { input: textOf(input), output: textOf(output) };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
