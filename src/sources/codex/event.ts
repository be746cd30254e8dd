import { define } from '../../span/define.js';
import { isObject } from '../../span/text.js';
import type { Mapped } from '../source.js';
import { leftovers, textOrNothing, type JsonObject } from '../transcript/values.js';
import type { Rollout } from './rollout.js';

const noNames: ReadonlySet<string> = new Set();
const placed = new Set(['type']);
const placedInUserMessage = new Set(['type', 'message']);
const placedInTokens = new Set(['type', 'info']);

/** What Codex told its user interface. Much of it repeats response items; what does not belongs to the turn. */
export function mapEvent(rollout: Rollout, event: JsonObject, at: unknown, line: number): Mapped {
  const type = textOrNothing(event['type']) ?? 'event';
  const turnId = textOrNothing(event['turn_id']);
  switch (type) {
    case 'agent_reasoning':
    case 'agent_message':
    case 'agent_reasoning_raw_content':
      return { kind: 'skip', reason: 'repeated_in_response_item' };
    case 'user_message': {
      const known = rollout.turn;
      const isAnother = known?.isActive === true && (known.isOver || known.turnId === undefined);
      const turn = isAnother ? rollout.begin(at, line) : rollout.turnFor(at, line);
      if (turn.draft.sourceNames['input'] === undefined) {
        turn.draft.fields['input'] = event['message'];
        turn.draft.sourceNames['input'] = 'message';
      } else define(turn.draft.metadata, `user_message.${line}`, event['message']);
      const rest = leftovers(event, placedInUserMessage, 'user_message.');
      rollout.addToTurn(turn, { ...rest, 'user_message.timestamp': at });
      return { kind: 'drafts', drafts: rollout.grow(at) };
    }
    case 'token_count': {
      const { info } = event;
      const isAdded = isObject(info) && rollout.addUsage(info, leftovers(event, placedInTokens));
      if (!isAdded || rollout.generation === undefined)
        return { kind: 'skip', reason: 'repeated_token_count' };
      return { kind: 'drafts', drafts: [rollout.generation.draft] };
    }
    case 'task_started':
    case 'turn_started': {
      const known = rollout.turn;
      const turn =
        known?.isActive === true ? rollout.begin(at, line, turnId) : rollout.turnFor(at, line, turnId);
      rollout.addToTurn(turn, { ...leftovers(event, placed, `${type}.`), [`${type}.timestamp`]: at });
      return { kind: 'drafts', drafts: rollout.grow(at) };
    }
    case 'task_complete':
    case 'turn_complete':
    case 'turn_aborted': {
      const turn = rollout.turnFor(at, line, turnId);
      turn.isOver = true;
      rollout.addToTurn(turn, { ...leftovers(event, placed, `${type}.`), [`${type}.timestamp`]: at });
      return { kind: 'drafts', drafts: rollout.grow(at) };
    }
    default:
      return mapOther(rollout, type, event, at, line);
  }
}

/** A line that is part of no answer: more about a tool's call, or a moment in the turn. */
export function mapOther(
  rollout: Rollout,
  type: string,
  payload: JsonObject,
  at: unknown,
  line: number,
): Mapped {
  const callId = textOrNothing(payload['call_id']);
  if (callId !== undefined && rollout.callExists(callId)) {
    const draft = rollout.draft(callId, { log_type: 'tool' }, { [type]: leftovers(payload, placed) });
    return { kind: 'drafts', drafts: [{ ...draft, partial: true }, ...rollout.grow(at)] };
  }
  const metadata = leftovers(payload, noNames);
  const fields: JsonObject = { span_name: type, log_type: 'custom' };
  if (type === 'error' || type === 'stream_error') {
    Object.assign(fields, { status_code: 500, error_message: payload['message'] });
  }
  const draft = rollout.draft(`${rollout.sessionId}-${line}`, fields, metadata);
  Object.assign(draft, { parentId: rollout.turn?.draft.spanId, start: at, end: at });
  return { kind: 'drafts', drafts: [draft, ...rollout.grow(at)] };
}
