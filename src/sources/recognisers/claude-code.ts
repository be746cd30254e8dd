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

function isLine(row: unknown): boolean {
  if (!isObject(row) || typeof row['type'] !== 'string') return false;
  const { type, uuid, sessionId } = row;
  if (typeof uuid === 'string') return 'parentUuid' in row && typeof sessionId === 'string';
  if (type === 'summary') return 'leafUuid' in row;
  if (type === 'file-history-snapshot') return 'messageId' in row;
  return (books.has(type) || notes.has(type)) && typeof sessionId === 'string';
}

function detect(sample: readonly unknown[]): Evidence {
  return {
    agreeing: sample.filter(isLine).length,
    because: 'uuid, parentUuid and sessionId in the lines, beside summaries and file snapshots',
  };
}

export const recogniser: Recogniser = {
  name: 'claude-code',
  title: 'Claude Code transcripts',
  checked: 'verified',
  recognisedBy: '`uuid` with `parentUuid` and `sessionId`',
  detect,
};
