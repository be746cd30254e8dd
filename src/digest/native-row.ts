import { isAscii } from 'node:buffer';
import { isObject } from '../span/text.js';

/** A plan reads these, and of other texts only that they are texts. */
const textsRead = [
  'trace_unique_id',
  'span_unique_id',
  'span_parent_id',
  'span_name',
  'span_workflow_name',
  'trace_name',
] as const;

/**
 * Parses a row of valid UTF-8 whose bytes will be sent as they are. Texts that a plan does not read may come back
 * undecoded, a character for each byte: all that JSON is built of is ASCII, so either reading finds the same values, and
 * as Latin-1 a row is parsed in two thirds of the time.
 *
 * @param text of one byte a character
 * @param bytes the same; undefined where they are known as ASCII
 */
export function parseNativeRow(text: string, bytes: Buffer | undefined): unknown {
  const value: unknown = JSON.parse(text);
  return bytes === undefined || isAscii(bytes) || isReadInAscii(value) ? value : JSON.parse(bytes.toString());
}

function isReadInAscii(value: unknown): boolean {
  return !isObject(value) || textsRead.every((field) => isAsciiText(value[field]));
}

function isAsciiText(value: unknown): boolean {
  if (typeof value !== 'string') return true;
  for (let position = 0; position < value.length; position++) {
    if (value.charCodeAt(position) > 0x7f) return false;
  }
  return true;
}
