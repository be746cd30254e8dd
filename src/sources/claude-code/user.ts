import type { SpanDraft } from '../../span/span.js';
import { isObject } from '../../span/text.js';
import {
  badField,
  contentText,
  leftovers,
  listOf,
  plainText,
  textOrNothing,
  type JsonObject,
} from '../transcript/values.js';
import type { Mapped } from '../source.js';
import { addNotes, agentSpanId, type Line } from './conversation.js';
import { agentOfResult, toolResult } from './tool-result.js';

const placedInMessage = new Set(['role', 'content']);

function isResult(block: unknown): block is JsonObject {
  return isObject(block) && typeof block['tool_use_id'] === 'string';
}

/** Written by the program in the user's name: the output of a command, a summary, or a note that the user pressed Esc. */
function isSaidByProgram(line: Line, content: unknown): boolean {
  const text = plainText(content) ?? '';
  const { isMeta, isCompactSummary } = line.row;
  return (
    isMeta === true ||
    isCompactSummary === true ||
    /^(?:<local-command-std|\[Request interrupted by user)/.test(text)
  );
}

/** A line in the user's name: results of tools, a prompt that begins a turn, or what the program adds to one. */
export function mapUser(line: Line): Mapped {
  const message = line.row['message'];
  if (!isObject(message)) return badField('message', message, 'an object');
  const { content } = message;
  const results = listOf(content).filter(isResult);
  const words = Array.isArray(content) ? content.filter((block) => !isResult(block)) : content;
  const isPrompt = results.length === 0 || (Array.isArray(words) && words.length > 0);
  const metadata = { ...line.metadata(), ...leftovers(message, placedInMessage, 'message.') };
  const { toolUseResult } = line.row;

  const drafts = results.flatMap((block) => {
    const id = String(block['tool_use_id']);
    return [
      toolResult(line, id, block, toolUseResult === undefined ? metadata : { ...metadata, toolUseResult }),
      ...agentOfResult(line, id, toolUseResult),
    ];
  });
  let { turn } = line;
  const messages = line.unanswered(message);
  if (isPrompt) {
    const own = results.length > 0 || toolUseResult === undefined ? metadata : { ...metadata, toolUseResult };
    const isSaidByUser = results.length === 0 && line.tool === undefined && !isSaidByProgram(line, words);
    const begins = turn === undefined || isSaidByUser;
    const prompt = promptSpan(line, words, own, begins);
    if (begins) turn = { spanId: String(prompt.spanId), draft: prompt };
    drafts.push(prompt);
  }
  if (turn === line.turn) drafts.push(...line.grownTurn());
  line.remember(turn, messages);
  if (turn !== undefined && line.row['isSidechain'] !== true) line.conversation.turn = turn;
  return { kind: 'drafts', drafts };
}

function promptSpan(line: Line, content: unknown, metadata: JsonObject, begins: boolean): SpanDraft {
  const input = contentText(content);
  const { conversation, agentId, uuid } = line;
  const isSubagent = line.row['isSidechain'] === true;
  const beginsAgent = isSubagent && (line.row['parentUuid'] ?? null) === null;
  const name = !begins ? 'note' : beginsAgent ? 'subagent' : 'turn';
  const fields = { span_name: name, log_type: begins ? 'agent' : 'custom', input };
  const id = beginsAgent && agentId !== undefined ? agentSpanId(agentId) : uuid;
  const draft: SpanDraft = { ...line.draft(id, fields, metadata), start: line.at, end: line.at };
  if (beginsAgent) draft.parentId = conversation.tasks.get(line.key(textOrNothing(input) ?? ''));
  else if (!begins || isSubagent) draft.parentId = line.parentId;
  if (begins && !isSubagent) {
    addNotes(draft.metadata, conversation.notes);
    conversation.notes = {};
  }
  return draft;
}
