import type { SpanDraft } from '../../span/span.js';
import { isObject } from '../../span/text.js';
import { contentText, leftovers, textOrNothing, type JsonObject } from '../transcript/values.js';
import { agentSpanId, type Line } from './conversation.js';

const placedInResult = new Set(['type', 'tool_use_id', 'content', 'is_error']);

/** The half of a tool's span that its result tells. A result whose call is not at hand stands below the line above. */
export function toolResult(line: Line, id: string, block: JsonObject, metadata: JsonObject): SpanDraft {
  const output = contentText(block['content']);
  const fields: JsonObject = { log_type: 'tool', output };
  if (block['is_error'] === false) fields['status_code'] = 200;
  if (block['is_error'] === true) Object.assign(fields, { status_code: 500, error_message: output });
  const draft = line.draft(id, fields, { ...metadata, ...leftovers(block, placedInResult, 'tool_result.') });
  const isCalled = line.conversation.toolStarts.get(line.key(id)) !== undefined;
  if (!isCalled) draft.parentId = line.parentId;
  return { ...draft, end: line.at, partial: true };
}

/** The run of a subagent that a tool's result tells of; the subagent's own file says the rest under the same id. */
export function agentOfResult(line: Line, toolId: string, result: unknown): SpanDraft[] {
  const agentId = isObject(result) ? textOrNothing(result['agentId']) : undefined;
  if (agentId === undefined || !isObject(result)) return [];
  const turn = line.conversation.agents.get(line.key(agentId));
  if (turn !== undefined) {
    turn.draft.parentId = toolId;
    return [turn.draft];
  }
  const fields = { span_name: 'subagent', log_type: 'agent', input: result['prompt'] };
  const start = line.conversation.toolStarts.get(line.key(toolId));
  const draft = line.draft(agentSpanId(agentId), fields, { agentId });
  return [{ ...draft, parentId: toolId, start, end: line.at, partial: true }];
}
