import { define } from '../../span/define.js';
import type { SpanDraft } from '../../span/span.js';
import { asText, isObject } from '../../span/text.js';
import { contentText, later, leftovers, listOf, type JsonObject } from '../transcript/values.js';

const tokenFields: ReadonlyMap<string, string> = new Map([
  ['input', 'prompt_tokens'],
  ['output', 'completion_tokens'],
  ['cached', 'prompt_cache_hit_tokens'],
  ['thoughts', 'reasoning_tokens'],
  ['total', 'total_request_tokens'],
]);

const placedInMessage = new Set([
  'id',
  'timestamp',
  'type',
  'content',
  'model',
  'tokens',
  'toolCalls',
  'thoughts',
]);
const placedInUpdate = new Set(['messages', 'sessionId']);
const placedInCall = new Set(['id', 'name', 'args', 'result', 'status', 'timestamp']);

/** A chat as far as it has been read. Lasts as long as the input where messages are rows of their own. */
export class Conversation {
  /** For the first turn. */
  metadata: JsonObject = {};
  private turn: SpanDraft | undefined;
  private at: unknown;
  private asked: unknown[] = [];
  /** Where each message of the last turns started: a message that is written again keeps its place. */
  private readonly starts = new Map<string, { start: unknown; asked: unknown[] }>();

  constructor(public sessionId: string) {}

  /** The spans of a message, and the turn that grows by it. */
  add(message: JsonObject): SpanDraft[] {
    const { type } = message;
    if (type === 'user') return [this.ask(message)];
    const drafts = type === 'gemini' ? this.answer(message) : [this.note(message)];
    if (this.turn !== undefined) {
      this.turn.end = later(this.turn.end, this.at);
      drafts.push(this.turn);
    }
    return drafts;
  }

  /** What a later line says about the whole chat: to the turn at hand, or the first one. */
  update(values: JsonObject): SpanDraft[] {
    for (const [name, value] of Object.entries(leftovers(values, placedInUpdate))) {
      define(this.turn?.metadata ?? this.metadata, name, value);
    }
    return this.turn === undefined ? [] : [this.turn];
  }

  private draft(message: JsonObject, fields: JsonObject, metadata: JsonObject): SpanDraft {
    return {
      traceId: this.sessionId,
      traceOrigin: 'grouped',
      spanId: message['id'],
      parentByPath: true,
      fields: { ...fields, span_workflow_name: 'gemini-cli', session_identifier: this.sessionId },
      metadata,
      sourceNames: { traceId: 'sessionId', spanId: 'id', start: 'timestamp', end: 'timestamp' },
    };
  }

  private ask(message: JsonObject): SpanDraft {
    const { timestamp, content } = message;
    const fields = { span_name: 'turn', log_type: 'agent', input: contentText(content) };
    const draft = this.draft(message, fields, { ...this.metadata, ...leftovers(message, placedInMessage) });
    this.metadata = {};
    Object.assign(draft, { start: timestamp, end: timestamp });
    this.turn = draft;
    this.at = timestamp;
    this.asked = [{ role: 'user', content }];
    this.starts.clear();
    return draft;
  }

  /** What the program says of itself: `info`, `error`, `warning`. */
  private note(message: JsonObject): SpanDraft {
    const { type, timestamp, content } = message;
    const output = contentText(content);
    const fields: JsonObject = { span_name: type, log_type: 'custom', output };
    if (type === 'error') Object.assign(fields, { status_code: 500, error_message: output });
    const draft = this.draft(message, fields, leftovers(message, placedInMessage));
    Object.assign(draft, { parentId: this.turn?.spanId, start: timestamp, end: timestamp });
    this.at = later(this.at, timestamp);
    return draft;
  }

  private answer(message: JsonObject): SpanDraft[] {
    const { id, timestamp, content, model, tokens, thoughts } = message;
    const calls = listOf(message['toolCalls']).filter(isObject);
    const output = contentText(content);
    const known = this.starts.get(asText(id)) ?? { start: this.at, asked: this.asked };
    this.starts.set(asText(id), known);
    const answer: JsonObject = { role: 'assistant', content: output };
    if (calls.length > 0) answer['tool_calls'] = calls.map(toolCallOf);
    const reasons = listOf(thoughts).filter(isObject).map(thoughtText);
    if (reasons.length > 0) answer['reasoning_content'] = reasons.join('\n');
    const fields: JsonObject = {
      span_name: 'gemini.chat',
      log_type: 'chat',
      model,
      output,
      completion_message: answer,
    };
    if (known.asked.length > 0) fields['prompt_messages'] = known.asked;
    const metadata = leftovers(message, placedInMessage);
    if (reasons.length > 0) metadata['thoughts'] = thoughts;
    const draft = this.draft(message, fields, metadata);
    Object.assign(draft, { parentId: this.turn?.spanId, start: known.start, end: timestamp });
    if (isObject(tokens)) addTokens(draft, tokens);
    this.at = later(this.at, timestamp);
    this.asked = calls.map((call) => ({
      role: 'tool',
      tool_call_id: call['id'],
      content: resultOf(call) ?? '',
    }));
    if (this.turn !== undefined && output !== undefined && output !== '') this.turn.fields['output'] = output;
    return [draft, ...calls.map((call) => this.tool(message, call))];
  }

  private tool(message: JsonObject, call: JsonObject): SpanDraft {
    const { id, name, args, status, timestamp } = call;
    const output = resultOf(call);
    const fields: JsonObject = { span_name: name, log_type: 'tool', input: args, output };
    if (typeof name === 'string') fields['span_tools'] = [name];
    if (status === 'success') fields['status_code'] = 200;
    if (status === 'error') Object.assign(fields, { status_code: 500, error_message: output });
    const draft = this.draft({ id }, fields, {
      ...leftovers(call, placedInCall),
      status,
      result: call['result'],
    });
    const end = later(message['timestamp'], timestamp);
    Object.assign(draft, { parentId: message['id'], start: message['timestamp'], end });
    if (end !== timestamp) draft.metadata['timestamp'] = timestamp;
    draft.sourceNames['spanId'] = 'toolCalls.id';
    this.at = later(this.at, end);
    return draft;
  }
}

function thoughtText(thought: JsonObject): string {
  return [thought['subject'], thought['description']].filter((text) => typeof text === 'string').join(': ');
}

function toolCallOf(call: JsonObject): JsonObject {
  const { id, name, args } = call;
  return { id, type: 'function', function: { name: asText(name ?? ''), arguments: asText(args ?? {}) } };
}

/** The words of a result: `[{functionResponse: {response: {output}}}]` or any other parts. */
function resultOf(call: JsonObject): string | undefined {
  const { result } = call;
  const parts: unknown[] = Array.isArray(result) ? result : [];
  const texts = parts.map((part) => {
    const response =
      isObject(part) && isObject(part['functionResponse']) ? part['functionResponse'] : undefined;
    const inner = response?.['response'];
    return isObject(inner) && Object.keys(inner).length === 1
      ? (inner['output'] ?? inner['error'])
      : undefined;
  });
  if (texts.length > 0 && texts.every((text) => typeof text === 'string')) return texts.join('\n');
  return contentText(result);
}

function addTokens(draft: SpanDraft, tokens: JsonObject): void {
  for (const [name, value] of Object.entries(tokens)) {
    const field = tokenFields.get(name);
    if (field === undefined) define(draft.metadata, `tokens.${name}`, value);
    else {
      draft.fields[field] = value;
      draft.sourceNames[field] = `tokens.${name}`;
    }
  }
}
