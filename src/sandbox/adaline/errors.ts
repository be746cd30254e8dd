import type { Answer } from '../answer.js';

/** `text`: `{"error":"…"}`, of the older documents. `object`: `{"error":{"code","message"}}`, of the newer ones. */
export type ErrorShape = 'object' | 'text';

/** A refusal, as the API words it. Which status the older refusals come with is not documented; 400 fits all of them. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    private readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }

  answer(shape: ErrorShape): Answer {
    const { status, code, message, headers } = this;
    return { status, headers, body: { error: shape === 'text' ? message : { code, message } } };
  }
}

export const unauthorised = new Refusal(401, 'UNAUTHORIZED', 'Invalid or missing API key.');
export const tooLarge = new Refusal(413, 'PAYLOAD_TOO_LARGE', 'Payload Too Large');
export const noFilters = new Refusal(501, 'NOT_IMPLEMENTED', 'The sandbox does not know filters.');
export const unknownAddress = new Refusal(404, 'NOT_FOUND', 'Not found');

export function onlyMethod(method: string): Refusal {
  return new Refusal(405, 'METHOD_NOT_ALLOWED', 'Method not allowed', { allow: method });
}

export function badRequest(message: string): Refusal {
  return new Refusal(400, 'BAD_REQUEST', message);
}
