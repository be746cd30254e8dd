import type { SpanDraft } from '../../span/span.js';
import { isAbsent, isObject } from '../../span/text.js';
import { addTo } from './attributes.js';

const okCodes = new Set(['1', 'ok', 'status_code_ok', 'statuscode.ok']);
const errorCodes = new Set(['2', 'error', 'status_code_error', 'statuscode.error']);
const unsetCodes = new Set(['0', 'unset', 'status_code_unset', 'statuscode.unset']);

/** Whether a status of OpenTelemetry, in any of its spellings, says that the span failed; undefined where it says neither. */
export function hasFailed(code: unknown): boolean | undefined {
  const word = String(code).trim().toLowerCase();
  if (errorCodes.has(word)) return true;
  return okCodes.has(word) ? false : undefined;
}

/**
 * Sets `status_code` (200 for OK, 500 for ERROR; UNSET says nothing) and `error_message`. A code that is none of
 * OpenTelemetry's stays in the metadata, and so does the description of a span that has not failed.
 */
export function addStatus(draft: SpanDraft, code: unknown, message: unknown): void {
  const failed = isAbsent(code) ? undefined : hasFailed(code);
  if (failed !== undefined) {
    draft.fields['status_code'] = failed ? 500 : 200;
    draft.sourceNames['status_code'] = 'status';
  } else if (!isAbsent(code) && !unsetCodes.has(String(code).trim().toLowerCase())) {
    addTo(draft.metadata, 'status', code);
  }
  if (isAbsent(message)) return;
  if (failed !== true || 'error_message' in draft.fields) {
    if (draft.fields['error_message'] !== message) addTo(draft.metadata, 'status.message', message);
    return;
  }
  draft.fields['error_message'] = message;
  draft.sourceNames['error_message'] = 'status.message';
}

/**
 * Takes a status as any SDK writes it: a word, a number, `{code, message}`, `{status_code, description}`,
 * `{Code, Description}`.
 */
export function addStatusObject(draft: SpanDraft, status: unknown): void {
  if (!isObject(status)) return addStatus(draft, status, undefined);
  const { code, status_code: pythonCode, Code: goCode, ...rest } = status;
  const { message, description, Description: goMessage, ...others } = rest;
  addStatus(draft, code ?? pythonCode ?? goCode, message ?? description ?? goMessage);
  for (const [name, value] of Object.entries(others)) addTo(draft.metadata, `status.${name}`, value);
}
