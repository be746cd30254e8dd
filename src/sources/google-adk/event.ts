import { define } from '../../span/define.js';
import type { SpanDraft } from '../../span/span.js';
import { asText, isAbsent, isObject } from '../../span/text.js';
import { leftovers, listOf, textOrNothing, type JsonObject } from '../transcript/values.js';
import { grow, type Invocation, type Session } from './session.js';
import { bothSpellings, either } from './spelling.js';

const placed = bothSpellings(
  'id',
  'invocation_id',
  'author',
  'content',
  'timestamp',
  'usage_metadata',
  'model_version',
  'error_code',
  'error_message',
  'session_id',
  'app_name',
  'user_id',
);
const placedInContent = new Set(['parts', 'role']);
const placedInCall = new Set(['id', 'name', 'args']);
const placedInResponse = new Set(['id', 'name', 'response']);

const usageFields: ReadonlyMap<string, string> = new Map([
  ['prompt_token_count', 'prompt_tokens'],
  ['promptTokenCount', 'prompt_tokens'],
  ['candidates_token_count', 'completion_tokens'],
  ['candidatesTokenCount', 'completion_tokens'],
  ['total_token_count', 'total_request_tokens'],
  ['totalTokenCount', 'total_request_tokens'],
  ['cached_content_token_count', 'prompt_cache_hit_tokens'],
  ['cachedContentTokenCount', 'prompt_cache_hit_tokens'],
  ['thoughts_token_count', 'reasoning_tokens'],
  ['thoughtsTokenCount', 'reasoning_tokens'],
]);

interface Parts {
  calls: JsonObject[];
  responses: JsonObject[];
  others: unknown[];
}

function sortParts(content: unknown): Parts {
  const parts: Parts = { calls: [], responses: [], others: [] };
  for (const part of listOf(isObject(content) ? content['parts'] : undefined)) {
    const call = isObject(part) ? either(part, 'function_call') : undefined;
    const response = isObject(part) ? either(part, 'function_response') : undefined;
    if (isObject(call)) parts.calls.push(call);
    else if (isObject(response)) parts.responses.push(response);
    else parts.others.push(part);
  }
  return parts;
}

function spokenText(parts: readonly unknown[]): string | undefined {
  const texts = parts
    .filter(isObject)
    .filter((part) => part['thought'] !== true && typeof part['text'] === 'string');
  return texts.length === 0 ? undefined : texts.map((part) => asText(part['text'])).join('\n');
}

/** Events of one session as spans; `drafts` holds each span once, in the order of their first events. */
export class EventMapper {
  readonly drafts = new Set<SpanDraft>();

  constructor(private readonly session: Session) {}

  add(event: JsonObject): void {
    const id = event['id'];
    const at = event['timestamp'];
    const invocation = this.invocationOf(event);
    const { content } = event;
    const parts = sortParts(content);
    const metadata = {
      ...leftovers(event, placed),
      ...(isObject(content) ? leftovers(content, placedInContent, 'content.') : {}),
    };
    const start = invocation.at;
    const isUser = event['author'] === 'user';
    if (isUser && !invocation.isAsked && parts.responses.length === 0) {
      this.ask(invocation, event, parts, metadata);
    } else if (parts.responses.length > 0 && parts.calls.length === 0 && parts.others.length === 0) {
      this.answer(invocation, event, parts.responses, { ...metadata, event_id: id, author: event['author'] });
    } else {
      this.speak(invocation, event, parts, start, metadata);
      this.answer(invocation, event, parts.responses, { event_id: id });
    }
    grow(invocation, at);
    this.drafts.add(invocation.draft);
  }

  private draft(spanId: unknown, fields: JsonObject, metadata: JsonObject): SpanDraft {
    return {
      traceId: this.session.id,
      traceOrigin: 'grouped',
      spanId,
      parentByPath: true,
      fields: { ...fields, ...this.session.fields, session_identifier: this.session.id },
      metadata,
      sourceNames: {
        traceId: 'session id',
        spanId: 'id',
        parentId: 'invocation_id',
        start: 'timestamp',
        end: 'timestamp',
      },
    };
  }

  private invocationOf(event: JsonObject): Invocation {
    const id = either(event, 'invocation_id');
    const key = asText(id ?? '');
    const known = this.session.invocations.get(key);
    if (known !== undefined) return known;
    const at = event['timestamp'];
    const draft = this.draft(id, { span_name: 'invocation', log_type: 'agent' }, this.session.metadata);
    this.session.metadata = {};
    Object.assign(draft, { start: at, end: at });
    draft.sourceNames['spanId'] = 'invocation_id';
    const invocation: Invocation = { draft, at, waiting: new Map(), asked: [], isAsked: false };
    this.session.invocations.set(key, invocation);
    return invocation;
  }

  /** The user's message is what the invocation was asked. */
  private ask(invocation: Invocation, event: JsonObject, parts: Parts, metadata: JsonObject): void {
    invocation.isAsked = true;
    invocation.asked.push(event['content']);
    const { draft } = invocation;
    const isText = parts.others.every((part) => isObject(part) && Object.keys(part).length === 1);
    const text = isText ? spokenText(parts.others) : undefined;
    draft.fields['input'] = text ?? (parts.others.length > 0 ? parts.others : undefined);
    define(draft.metadata, 'event_id', event['id']);
    for (const [name, value] of Object.entries(metadata)) define(draft.metadata, name, value);
  }

  /** A model's turn, or an event without words, such as a change of the state. */
  private speak(
    invocation: Invocation,
    event: JsonObject,
    parts: Parts,
    start: unknown,
    metadata: JsonObject,
  ): void {
    const { id, author, content, timestamp } = event;
    const says = parts.calls.length > 0 || parts.others.length > 0;
    const output = spokenText(parts.others);
    const usage = either(event, 'usage_metadata');
    const fields: JsonObject = {
      span_name: author,
      log_type: !says && isAbsent(usage) ? 'custom' : author === 'user' ? 'custom' : 'chat',
      model: either(event, 'model_version'),
      error_message: either(event, 'error_message'),
    };
    if (says) {
      const role = isObject(content) ? (content['role'] ?? 'model') : 'model';
      const spoken = [...parts.calls.map((call) => ({ function_call: call })), ...parts.others];
      fields[author === 'user' ? 'input' : 'output'] = output;
      if (author !== 'user') fields['completion_message'] = { role, parts: spoken };
      if (author !== 'user' && invocation.asked.length > 0) {
        fields['prompt_messages'] = invocation.asked;
        invocation.asked = [];
      } else if (output === undefined) fields['input'] = parts.others;
    }
    const code = either(event, 'error_code');
    if (!isAbsent(code)) {
      fields['status_code'] = 500;
      define(metadata, 'error_code', code);
    }
    if (isObject(usage)) addUsage(fields, metadata, usage);
    const draft = this.draft(id, fields, metadata);
    Object.assign(draft, { parentId: invocation.draft.spanId, start, end: timestamp });
    this.drafts.add(draft);
    if (output !== undefined && author !== 'user') invocation.draft.fields['output'] = output;
    for (const call of parts.calls) this.call(invocation, event, call);
  }

  private call(invocation: Invocation, event: JsonObject, call: JsonObject): void {
    const name = asText(call['name'] ?? 'tool');
    const waiting = invocation.waiting.get(name) ?? [];
    const id =
      textOrNothing(call['id']) ??
      `${asText(event['id'])}.${name}${waiting.length === 0 ? '' : `.${waiting.length}`}`;
    invocation.waiting.set(name, [...waiting, id]);
    const fields = { span_name: name, log_type: 'tool', span_tools: [name], input: call['args'] };
    const draft = this.draft(id, fields, leftovers(call, placedInCall, 'function_call.'));
    Object.assign(draft, { parentId: event['id'], start: event['timestamp'], partial: true });
    this.drafts.add(draft);
  }

  /** Responses belong to calls by their ids; without ids, to the call of that name that has waited longest. */
  private answer(
    invocation: Invocation,
    event: JsonObject,
    responses: readonly JsonObject[],
    metadata: JsonObject,
  ): void {
    for (const response of responses) {
      invocation.asked.push({ role: 'user', parts: [{ function_response: response }] });
      const name = asText(response['name'] ?? 'tool');
      const waiting = invocation.waiting.get(name) ?? [];
      const named = textOrNothing(response['id']);
      const id = named ?? waiting[0] ?? `${asText(event['id'])}.${name}`;
      const isCalled = waiting.includes(id);
      invocation.waiting.set(
        name,
        waiting.filter((each) => each !== id),
      );
      const fields = { span_name: name, log_type: 'tool', output: response['response'] };
      const rest = leftovers(response, placedInResponse, 'function_response.');
      const draft = this.draft(id, fields, { ...metadata, ...rest });
      if (!isCalled) draft.parentId = invocation.draft.spanId;
      Object.assign(draft, { end: event['timestamp'], partial: true });
      this.drafts.add(draft);
    }
  }
}

function addUsage(fields: JsonObject, metadata: JsonObject, usage: JsonObject): void {
  for (const [name, value] of Object.entries(usage)) {
    const field = usageFields.get(name);
    if (field === undefined) define(metadata, `usage_metadata.${name}`, value);
    else fields[field] = value;
  }
}
