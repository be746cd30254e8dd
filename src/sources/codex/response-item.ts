import { define } from '../../span/define.js';
import type { SpanDraft } from '../../span/span.js';
import { asText, isObject, parseJsonContainer } from '../../span/text.js';
import { contentText, leftovers, listOf, textOrNothing, type JsonObject } from '../transcript/values.js';
import type { Generation, Rollout } from './rollout.js';

const placedInCall = new Set(['type', 'name', 'arguments', 'input', 'action', 'call_id', 'id']);
const placedInOutput = new Set(['type', 'call_id', 'output']);
const placedInMessage = new Set(['type', 'role', 'content']);
const placedInReasoning = new Set(['type', 'summary', 'content']);

/** An item of the conversation between Codex and the model, in the shapes of OpenAI's Responses API. */
export function mapItem(rollout: Rollout, item: JsonObject, at: unknown, line: number): SpanDraft[] {
  const type = textOrNothing(item['type']) ?? '';
  if (type.endsWith('_output')) return mapOutput(rollout, item, at);
  if (type === 'message' && item['role'] !== 'assistant') return mapPrompt(rollout, item, at, line);
  const generation = rollout.say(item, at, line);
  describe(generation);
  const drafts = [generation.draft];
  if (type === 'message') {
    const said = contentText(item['content']);
    if (said !== undefined && rollout.turn !== undefined) rollout.turn.draft.fields['output'] = said;
  } else if (type !== 'reasoning') {
    drafts.push(mapCall(rollout, generation, item, type, at, line));
  }
  return [...drafts, ...rollout.grow(at)];
}

/** A message to the model. The last one before it answers is what the turn is about, unless an event says it better. */
function mapPrompt(rollout: Rollout, item: JsonObject, at: unknown, line: number): SpanDraft[] {
  const { role, content } = item;
  rollout.asked.push({ role, content });
  rollout.at = at;
  const rest = leftovers(item, placedInMessage, 'message.');
  if (role !== 'user') {
    for (const [name, value] of Object.entries(rest)) define(rollout.notes, name, value);
    return [];
  }
  const known = rollout.turn;
  const isAnother = known === undefined || known.isOver || (known.isActive && known.turnId === undefined);
  const turn = isAnother ? rollout.begin(at, line) : known;
  if (!turn.isActive && turn.draft.sourceNames['input'] === undefined) {
    turn.draft.fields['input'] = contentText(content);
  }
  rollout.addToTurn(turn, rest);
  return rollout.grow(at);
}

/** The answer's messages, words and thoughts from its items; what the items say beside is kept as it is. */
function describe({ draft, items }: Generation): void {
  const answer: JsonObject = { role: 'assistant' };
  const texts = items.filter(({ type }) => type === 'message').map(({ content }) => contentText(content));
  const reasons = items.filter(({ type }) => type === 'reasoning').flatMap(reasoningTexts);
  const calls = items.filter(({ type }) => type === 'function_call' || type === 'custom_tool_call');
  const said = texts.filter((text) => text !== undefined).join('\n');
  if (said !== '') draft.fields['output'] = said;
  answer['content'] = said === '' ? null : said;
  if (reasons.length > 0) answer['reasoning_content'] = reasons.join('\n');
  if (calls.length > 0) answer['tool_calls'] = calls;
  draft.fields['completion_message'] = answer;
  const rest = items.flatMap((item) => {
    const placed = item['type'] === 'message' ? placedInMessage : placedInReasoning;
    if (item['type'] !== 'message' && item['type'] !== 'reasoning') return [];
    const left = leftovers(item, placed);
    return Object.keys(left).length === 0 ? [] : [left];
  });
  if (rest.length > 0) define(draft.metadata, 'items', rest);
}

function reasoningTexts(item: JsonObject): string[] {
  const parts = [...listOf(item['summary']), ...listOf(item['content'])].filter(isObject);
  return parts.map((part) => asText(part['text'] ?? '')).filter((text) => text !== '');
}

/** A call of a tool: half a span where a result follows under its `call_id`, else all of it. */
function mapCall(
  rollout: Rollout,
  generation: Generation,
  item: JsonObject,
  type: string,
  at: unknown,
  line: number,
): SpanDraft {
  const callId = textOrNothing(item['call_id']);
  const name = textOrNothing(item['name']) ?? type.replace(/_call$/, '');
  const fields: JsonObject = {
    span_name: name,
    log_type: 'tool',
    span_tools: [name],
    input: item['arguments'] ?? item['input'] ?? item['action'],
  };
  const metadata = leftovers(item, placedInCall);
  define(metadata, 'type', type);
  define(metadata, 'item_id', item['id']);
  const draft = rollout.draft(callId ?? `${rollout.sessionId}-${line}-${type}`, fields, metadata);
  draft.sourceNames['spanId'] = 'call_id';
  Object.assign(draft, { parentId: generation.draft.spanId, start: at });
  if (callId === undefined) return { ...draft, end: at };
  rollout.calls.set(callId, true);
  return { ...draft, partial: true };
}

/** What a tool answered: a text, parts, or JSON of `{output, metadata}`. */
function mapOutput(rollout: Rollout, item: JsonObject, at: unknown): SpanDraft[] {
  const { call_id: callId, output } = item;
  const read: unknown = typeof output === 'string' ? (parseJsonContainer(output) ?? output) : output;
  const isWrapped = isObject(read) && typeof read['output'] === 'string';
  const words = isWrapped ? read['output'] : contentText(output);
  const metadata = leftovers(item, placedInOutput);
  if (isWrapped) {
    for (const [name, value] of Object.entries(leftovers(read, new Set(['output']), 'output.'))) {
      define(metadata, name, value);
    }
  }
  const fields: JsonObject = { log_type: 'tool', output: words };
  if (isObject(read) && read['success'] === false) fields['status_code'] = 500;
  if (rollout.generation !== undefined) rollout.generation.isAnswered = true;
  rollout.asked.push({ role: 'tool', tool_call_id: callId, content: words });
  rollout.at = at;
  const draft = rollout.draft(asText(callId ?? ''), fields, metadata);
  draft.sourceNames['spanId'] = 'call_id';
  if (!rollout.callExists(callId)) draft.parentId = rollout.turn?.draft.spanId;
  return [{ ...draft, end: at, partial: true }, ...rollout.grow(at)];
}
