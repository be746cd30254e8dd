import type { Answer } from '../answer.js';

/** `text`: `{"error":"…"}`, of the older documents. `object`: `{"error":{"code","message"}}`, of the newer ones. */
export type ErrorShape = 'object' | 'text';

/** A refusal, as the API words it. Which status the older refusals come with is not documented; 400 fits all of them. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }

  answer(shape: ErrorShape): Answer {
    const { status, code, message } = this;
    return { status, body: { error: shape === 'text' ? message : { code, message } } };
  }
}

export const unauthorised = new Refusal(401, 'UNAUTHORIZED', 'Invalid or missing API key.');
export const tooLarge = new Refusal(413, 'PAYLOAD_TOO_LARGE', 'Payload Too Large');
export const unknownAddress = new Refusal(404, 'NOT_FOUND', 'Not found');

export function badRequest(message: string): Refusal {
  return new Refusal(400, 'BAD_REQUEST', message);
}
