import { isObject } from '../../span/text.js';
import { isOpenaiRequest, isOpenaiResponse } from '../openai-shapes.js';
import { decoded } from '../decoded.js';
import type { Evidence, Recogniser } from '../source.js';

/** Names under which logs keep the bodies of a call. */
const requestNames = ['request', 'request_body', 'body'];

const responseNames = ['response', 'response_body', 'completion'];

export interface Exchange {
  request: { name: string; body: Record<string, unknown> } | undefined;
  response: { name: string; body: Record<string, unknown> } | undefined;
}

function find(
  row: Record<string, unknown>,
  names: readonly string[],
  is: (body: unknown) => body is Record<string, unknown>,
): { name: string; body: Record<string, unknown> } | undefined {
  for (const name of names) {
    const body = decoded(row[name]);
    if (is(body)) return { name, body };
  }
  return undefined;
}

export function exchangeOf(row: Record<string, unknown>): Exchange {
  return {
    request: find(row, requestNames, isOpenaiRequest),
    response: find(row, responseNames, isOpenaiResponse),
  };
}

/** A response on its own, as an SDK prints it. */
export function isBareResponse(row: unknown): row is Record<string, unknown> {
  if (!isObject(row) || !isOpenaiResponse(row)) return false;
  return ['chat.completion', 'text_completion', 'response'].includes(String(row['object']));
}

function isChatLog(row: unknown): boolean {
  if (isBareResponse(row)) return true;
  if (!isObject(row) || 'custom_id' in row) return false;
  const { request, response } = exchangeOf(row);
  return request !== undefined && response !== undefined;
}

function detect(sample: readonly unknown[]): Evidence {
  const agreeing = sample.filter(isChatLog).length;
  return { agreeing, because: 'responses of an OpenAI API, alone or beside their requests, in the rows' };
}

export const recogniser: Recogniser = {
  name: 'openai-chat',
  title: 'OpenAI responses',
  checked: 'schema',
  recognisedBy:
    '`object` is `chat.completion`, `text_completion` or `response`, or `request` beside `response`',
  detect,
};
