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

function detect(sample: readonly unknown[]): Evidence {
  const lines = sample.filter(
    (row) => isObject(row) && typeof row['type'] === 'string' && isObject(row['payload']),
  );
  const isRollout = lines.some((row) => isObject(row) && lineTypes.has(String(row['type'])));
  return {
    agreeing: isRollout ? lines.length : 0,
    because: 'timestamp, type and payload, with types of Codex',
  };
}

export const recogniser: Recogniser = {
  name: 'codex',
  title: 'Codex CLI rollouts',
  checked: 'schema',
  recognisedBy: '`timestamp`, `type` and `payload`',
  detect,
};
