import { isObject } from '../../span/text.js';
import type { Evidence, Recogniser } from '../source.js';

const messageTypes = new Set(['user', 'gemini', 'info', 'error', 'warning']);

function isMessage(row: unknown): boolean {
  if (!isObject(row) || typeof row['type'] !== 'string' || !messageTypes.has(row['type'])) return false;
  return typeof row['id'] === 'string' && 'timestamp' in row && 'content' in row && !('uuid' in row);
}

function agrees(row: unknown): boolean {
  if (!isObject(row)) return false;
  if ('$set' in row || '$rewindTo' in row) return true;
  if (typeof row['sessionId'] !== 'string' || typeof row['projectHash'] !== 'string') return isMessage(row);
  return Array.isArray(row['messages']) || 'startTime' in row;
}

function detect(sample: readonly unknown[]): Evidence {
  return {
    agreeing: sample.filter(agrees).length,
    because: 'sessionId beside projectHash, or messages of type user and gemini',
  };
}

export const recogniser: Recogniser = {
  name: 'gemini-cli',
  title: 'Gemini CLI chats',
  checked: 'schema',
  recognisedBy: '`sessionId` with `projectHash` and `messages`',
  detect,
};
