import { isObject } from '../span/text.js';

/** Whether this is a request of OpenAI's chat, responses, completions or embeddings API. */
export function isOpenaiRequest(body: unknown): body is Record<string, unknown> {
  return isObject(body) && ('messages' in body || 'input' in body || 'prompt' in body) && 'model' in body;
}

/** Whether this is a response of one of these APIs. */
export function isOpenaiResponse(body: unknown): body is Record<string, unknown> {
  if (!isObject(body)) return false;
  if (Array.isArray(body['choices'])) return true;
  return body['object'] === 'response' && Array.isArray(body['output']);
}
