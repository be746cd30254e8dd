import { isObject } from '../../span/text.js';
import type { Evidence, Recogniser } from '../source.js';

/** Lines that keep the program's books; what they hold of the conversation is in other lines. */
export const books = new Set([
  'file-history-snapshot',
  'queue-operation',
  'permission-mode',
  'mode',
  'last-prompt',
]);

/** Lines about a session, without a place in its tree. */
const notes = new Set(['summary', 'custom-title', 'ai-title', 'agent-name', 'tag', 'pr-link']);

/** What the program prints of a session with `--output-format stream-json`, and its SDK hands out. */
export function isStreamLine(row: Record<string, unknown>): boolean {
  const { type, session_id: sessionId, message } = row;
  if (typeof sessionId !== 'string' || 'sessionId' in row || 'parentUuid' in row) return false;
  if (type === 'user' || type === 'assistant') return isObject(message) && 'content' in message;
  return (type === 'system' || type === 'result') && typeof row['subtype'] === 'string'
    ? true
    : type === 'stream_event';
}

function isLine(row: unknown): boolean {
  if (!isObject(row) || typeof row['type'] !== 'string') return false;
  if (isStreamLine(row)) return true;
  const { type, uuid, sessionId } = row;
  if (typeof uuid === 'string') return 'parentUuid' in row && typeof sessionId === 'string';
  if (type === 'summary') return 'leafUuid' in row;
  if (type === 'file-history-snapshot') return 'messageId' in row;
  return (books.has(type) || notes.has(type)) && typeof sessionId === 'string';
}

function detect(sample: readonly unknown[]): Evidence {
  return {
    agreeing: sample.filter(isLine).length,
    because: 'lines of a transcript (uuid, parentUuid, sessionId) or a stream (session_id)',
  };
}

export const recogniser: Recogniser = {
  name: 'claude-code',
  title: 'Claude Code transcripts',
  checked: 'verified',
  recognisedBy: '`uuid` with `parentUuid` and `sessionId`, or `type` and `message` with `session_id`',
  detect,
};
