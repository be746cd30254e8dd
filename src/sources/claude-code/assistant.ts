import { define } from '../../span/define.js';
import type { SpanDraft } from '../../span/span.js';
import { asText, isObject } from '../../span/text.js';
import { badField, contentText, leftovers, textOrNothing, type JsonObject } from '../transcript/values.js';
import type { Mapped } from '../source.js';
import type { ApiMessage, Line } from './conversation.js';
import { toolResult } from './tool-result.js';

const usageFields: ReadonlyMap<string, string> = new Map([
  ['input_tokens', 'prompt_tokens'],
  ['output_tokens', 'completion_tokens'],
  ['cache_read_input_tokens', 'prompt_cache_hit_tokens'],
  ['cache_creation_input_tokens', 'prompt_cache_creation_tokens'],
]);

const placedInMessage = new Set(['id', 'type', 'role', 'model', 'content', 'usage']);
const placedInCall = new Set(['type', 'id', 'name', 'input']);

/** A line of an API message: its generation, the calls of tools in it, and the turn that it belongs to. */
export function mapAssistant(line: Line): Mapped {
  const message = line.row['message'];
  if (!isObject(message)) return badField('message', message, 'an object');
  const { content, usage } = message;
  if (usage !== undefined && usage !== null && !isObject(usage)) {
    return badField('message.usage', usage, 'an object');
  }
  const blocks: unknown[] = Array.isArray(content)
    ? content
    : [{ type: 'text', text: asText(content ?? '') }];
  const id = textOrNothing(message['id']) ?? line.uuid;
  const whole = wholeMessage(line, id, message);
  const isRepeated = whole.lines.some(({ uuid }) => uuid !== undefined && uuid === line.uuid);
  if (!isRepeated) {
    whole.content.push(...blocks);
    addLine(whole, line, message);
    addUsage(whole, usage);
  }
  const { draft } = whole;
  const said = textBlocks(whole.content);
  draft.end = line.at;
  draft.fields['completion_message'] = { role: 'assistant', content: whole.content };
  draft.fields['output'] = said;
  if (line.row['isApiErrorMessage'] === true) {
    draft.fields['status_code'] = 500;
    draft.fields['error_message'] = said ?? line.row['error'];
  }
  const tools = blocks.filter(isObject).flatMap((block) => toolOf(block, line, id));
  const drafts = [draft, ...tools, ...line.grownTurn(textBlocks(blocks))];
  line.remember(line.turn);
  return { kind: 'drafts', drafts };
}

/** The message that the line continues, or a new one, which begins when the line above it was written. */
function wholeMessage(line: Line, id: string | undefined, message: JsonObject): ApiMessage {
  const key = id === undefined ? undefined : line.key(id);
  const known = key === undefined ? undefined : line.conversation.messages.get(key);
  if (known !== undefined) return known;
  const asked = line.unanswered();
  const draft: SpanDraft = {
    ...line.draft(id, { span_name: 'claude.chat', log_type: 'chat', model: message['model'] }, {}),
    parentId: line.parentId,
    start: line.above?.at,
  };
  if (asked.length > 0) draft.fields['prompt_messages'] = asked;
  Object.assign(draft.sourceNames, { spanId: 'message.id', model: 'message.model' });
  const begun: ApiMessage = { draft, content: [], lines: [], usage: undefined };
  if (key !== undefined) line.conversation.messages.set(key, begun);
  return begun;
}

/** What a line says beside its content; what differs from line to line is listed in `lines`. */
function addLine(whole: ApiMessage, line: Line, message: JsonObject): void {
  const { metadata } = whole.draft;
  const { uuid, parentUuid, timestamp } = line.row;
  const own: JsonObject = { uuid, parentUuid, timestamp };
  const rest = { ...line.metadata(), ...leftovers(message, placedInMessage, 'message.') };
  for (const [name, value] of Object.entries(rest)) {
    if (!Object.hasOwn(metadata, name)) define(metadata, name, value);
    else if (JSON.stringify(metadata[name]) !== JSON.stringify(value)) define(own, name, value);
  }
  whole.lines.push(own);
  if (whole.lines.length > 1) metadata['lines'] = whole.lines;
}

/** Each line repeats the usage as far as it was known then: the last one counts, alone. */
function addUsage(whole: ApiMessage, usage: unknown): void {
  if (!isObject(usage)) return;
  const { draft, lines } = whole;
  const before = lines.at(-2);
  if (
    before !== undefined &&
    isObject(whole.usage) &&
    JSON.stringify(whole.usage) !== JSON.stringify(usage)
  ) {
    before['usage'] = whole.usage;
  }
  whole.usage = usage;
  for (const [name, value] of Object.entries(usage)) {
    const field = usageFields.get(name);
    if (field === undefined) define(draft.metadata, `usage.${name}`, value);
    else {
      draft.fields[field] = value;
      draft.sourceNames[field] = `message.usage.${name}`;
    }
  }
}

function textBlocks(blocks: readonly unknown[]): string | undefined {
  const texts = blocks.filter(isObject).filter((block) => block['type'] === 'text');
  return contentText(texts.length === 0 ? undefined : texts);
}

/** The half of a tool's span that a block of the model's message tells. */
function toolOf(block: JsonObject, line: Line, generationId: string | undefined): SpanDraft[] {
  const answered = textOrNothing(block['tool_use_id']);
  if (answered !== undefined) return [toolResult(line, answered, block, {})];
  const id = textOrNothing(block['id']);
  if (id === undefined || typeof block['type'] !== 'string' || !block['type'].endsWith('tool_use')) return [];
  const { name, input } = block;
  // Known, also where nobody tells when.
  line.conversation.toolStarts.set(line.key(id), line.at ?? null);
  const prompt = isObject(input) ? textOrNothing(input['prompt']) : undefined;
  if (prompt !== undefined) line.conversation.tasks.set(line.key(prompt), id);
  const fields = {
    span_name: name,
    log_type: 'tool',
    span_tools: typeof name === 'string' ? [name] : undefined,
    input,
  };
  const metadata = leftovers(block, placedInCall, 'tool_use.');
  return [{ ...line.draft(id, fields, metadata), parentId: generationId, start: line.at, partial: true }];
}
