import { isObject } from '../../span/text.js';
import type { Evidence, Recogniser } from '../source.js';

const lineTypes = new Set([
  'session_meta',
  'turn_context',
  'response_item',
  'event_msg',
  'compacted',
  'world_state',
]);

/** What `codex exec --json` prints: `{type: "item.completed", item}`. */
export function isExecEvent(row: Record<string, unknown>): boolean {
  return typeof row['type'] === 'string' && /^(?:thread|turn|item)\.[a-z]+$/.test(row['type']);
}

const itemTypes = new Set([
  'message',
  'reasoning',
  'function_call',
  'function_call_output',
  'local_shell_call',
]);

/** The lines of the first rollouts: the session, its state, and items without a line's own type and time. */
function isOldLine(row: Record<string, unknown>): boolean {
  if (row['record_type'] === 'state' || isOldSession(row)) return true;
  return itemTypes.has(String(row['type'])) && !('payload' in row);
}

function isOldSession(row: Record<string, unknown>): boolean {
  return 'id' in row && 'timestamp' in row && 'instructions' in row && !('type' in row);
}

function detect(sample: readonly unknown[]): Evidence {
  const rows = sample.filter(isObject);
  const because = 'timestamp, type and payload, with types of Codex';
  const lines = rows.filter((row) => typeof row['type'] === 'string' && isObject(row['payload']));
  if (lines.some((row) => lineTypes.has(String(row['type'])))) return { agreeing: lines.length, because };
  const events = rows.filter(isExecEvent);
  if (events.some((row) => row['type'] === 'thread.started' || isObject(row['item']))) {
    return { agreeing: events.length, because: 'events of codex exec: threads, turns and items' };
  }
  const isOld = rows.some((row) => row['record_type'] === 'state' || isOldSession(row));
  return {
    agreeing: isOld ? rows.filter(isOldLine).length : 0,
    because: 'items of the first rollouts of Codex',
  };
}

export const recogniser: Recogniser = {
  name: 'codex',
  title: 'Codex CLI rollouts and events',
  checked: 'schema',
  recognisedBy: '`timestamp`, `type` and `payload`; `item.completed` and the like',
  detect,
};
