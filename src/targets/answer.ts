import { isObject } from '../span/text.js';
import type { Answer } from './target.js';

/** The body as a JSON object, or undefined where it is anything else. */
export function parseObject(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A part of an answer as JSON, for people. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    // Parsing has no limit of depth, writing has.
    return '(nested too deeply to be shown)';
  }
}

/** True for a web page: what proxies, firewalls and login walls answer in the API's place. */
export function isHtml(answer: Answer): boolean {
  if (answer.body.trim() === '') return false;
  return (
    (answer.headers['content-type'] ?? '').toLowerCase().includes('text/html') ||
    /^\s*<(!doctype|html)/i.test(answer.body.slice(0, 200))
  );
}
