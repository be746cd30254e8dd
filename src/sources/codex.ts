import { isObject } from '../span/text.js';
import { mapEvent, mapOther } from './codex/event.js';
import { mapItem } from './codex/response-item.js';
import { endTurn, itemFailed, itemsOf, ofOldRollout } from './codex/other-lines.js';
import { Rollout } from './codex/rollout.js';
import { isExecEvent, recogniser } from './recognisers/codex.js';
import type { MapContext, Mapped, Source } from './source.js';
import { growing } from './transcript/growing.js';
import { sessionOfInput } from './transcript/session-name.js';
import { badField, leftovers, notAnObject, textOrNothing, type JsonObject } from './transcript/values.js';

const noNames: ReadonlySet<string> = new Set();

function mapSessionMeta(payload: JsonObject, at: unknown, context: MapContext): Mapped {
  const id = textOrNothing(payload['id']) ?? sessionOfInput(context.inputName);
  const known = Rollout.of(context);
  // A resumed or forked rollout repeats the line; its spans stay in the session that it has begun.
  const isAgain = known.turn !== undefined && known.sessionId === id;
  const rollout = isAgain ? known : Rollout.begin(id, context);
  if (payload['timestamp'] !== at) rollout.notes['session_meta.written_at'] = at;
  Object.assign(rollout.notes, leftovers(payload, new Set(['id']), 'session_meta.'));
  return { kind: 'skip', reason: 'session_note' };
}

function mapTurnContext(rollout: Rollout, payload: JsonObject, at: unknown, line: number): Mapped {
  const turnId = textOrNothing(payload['turn_id']);
  const known = rollout.turn;
  const isAnother = known?.isActive === true && (turnId === undefined || known.turnId !== turnId);
  const turn = isAnother ? rollout.begin(at, line, turnId) : rollout.turnFor(at, line, turnId);
  rollout.model = payload['model'];
  rollout.effort = payload['effort'] ?? payload['reasoning_effort'];
  rollout.addToTurn(turn, { ...leftovers(payload, noNames, 'turn_context.'), 'turn_context.timestamp': at });
  return { kind: 'drafts', drafts: rollout.grow(at) };
}

/** An event of `codex exec --json`. Items count once they are done; none of them tells a time. */
function mapExecEvent(event: JsonObject, context: MapContext): Mapped {
  const { type, thread_id: threadId, item } = event;
  const { line } = context;
  if (type === 'thread.started') {
    Rollout.begin(textOrNothing(threadId) ?? sessionOfInput(context.inputName), context);
    return { kind: 'skip', reason: 'session_note' };
  }
  const rollout = Rollout.of(context);
  if (type === 'turn.started') {
    rollout.begin(undefined, line);
    return { kind: 'drafts', drafts: rollout.grow(undefined) };
  }
  if (type === 'turn.completed' || type === 'turn.failed') {
    endTurn(rollout, event, line);
    return { kind: 'drafts', drafts: rollout.grow(undefined) };
  }
  if (type !== 'item.completed') return { kind: 'skip', reason: 'unfinished_item' };
  if (!isObject(item)) return badField('item', item, 'an object');
  const kind = textOrNothing(item['type']) ?? 'item';
  if (kind === 'error' || kind === 'todo_list') return mapOther(rollout, kind, item, undefined, line);
  const parts = itemsOf(item, `${rollout.sessionId}-${line}-${kind}`);
  const drafts = parts.flatMap((part) => mapItem(rollout, part, undefined, line));
  const tool = itemFailed(item) ? drafts.find(({ fields }) => fields['log_type'] === 'tool') : undefined;
  if (tool !== undefined) tool.fields['status_code'] = 500;
  return { kind: 'drafts', drafts };
}

function map(line: unknown, context: MapContext): Mapped {
  if (!isObject(line)) return notAnObject(line);
  if (Object.keys(line).length === 0) return { kind: 'skip', reason: 'empty_object' };
  if (isExecEvent(line)) return mapExecEvent(line, context);
  if (line['record_type'] === 'state') return { kind: 'skip', reason: 'state' };
  return mapLine(ofOldRollout(line), context);
}

function mapLine(row: JsonObject, context: MapContext): Mapped {
  const { type, payload, timestamp } = row;
  if (typeof type !== 'string') return badField('type', type, 'a text');
  if (!isObject(payload)) return badField('payload', payload, 'an object');
  const { line } = context;
  if (type === 'session_meta') return mapSessionMeta(payload, timestamp, context);
  const rollout = Rollout.of(context);
  if (type === 'turn_context') return mapTurnContext(rollout, payload, timestamp, line);
  if (type === 'event_msg') return mapEvent(rollout, payload, timestamp, line);
  if (type !== 'response_item') return mapOther(rollout, type, payload, timestamp, line);
  const drafts = mapItem(rollout, payload, timestamp, line);
  return drafts.length === 0 ? { kind: 'skip', reason: 'prompt_note' } : { kind: 'drafts', drafts };
}

/**
 * Rollouts of Codex CLI: `~/.codex/sessions/<date>/rollout-<time>-<session>.jsonl`, lines of `{timestamp, type,
 * payload}`. Shape: `RolloutLine` in `codex-rs/protocol`, and items of OpenAI's Responses API. Times are ISO 8601 with a
 * zone; input tokens include cached ones, output tokens those of reasoning.
 *
 * The tree. The trace is the session of `session_meta`. A turn is a root: it begins with `task_started`, `turn_context`
 * or a user's message after the model spoke, and reaches to its last line. Below it stand the answers of the model
 * (`codex.response`): the items from what the model was told to its `token_count`, whose `last_token_usage` they carry
 * (`total_token_usage` is cumulative and stays in the metadata). Below an answer stand its tool calls, each joined with its
 * output by `call_id`. Items have no ids of their own: spans are named for the session and the line. Lines of other
 * types are moments in the turn, `custom`. `session_meta` and `turn_context` go to the metadata of the turn.
 *
 * Rollouts of before August 2025, whose items stand bare in their lines and have no times but the session's, and what
 * `codex exec --json` prints, by their shapes alone. The usage of the latter is that of a whole turn, and stays with it.
 *
 * Dropped: `agent_message` and `agent_reasoning` events, which repeat response items; `token_count` events that repeat the
 * totals before or tell only rate limits; the times of `token_count` lines and of messages to the model other than the last
 * before it answers; the words for kinds of lines and items.
 */
export const codex: Source = {
  ...recogniser,
  remembers: true,
  map: (row, context) => growing(map(row, context)),
};
