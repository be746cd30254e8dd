import { isObject } from '../../span/text.js';
import { textOrNothing, type JsonObject } from '../transcript/values.js';
import { usageFields, type Rollout } from './rollout.js';

/** Items that `codex exec` tells when they are done, in the words of a rollout: a call of a tool and its result are two. */
export function itemsOf(item: JsonObject, callId: string): JsonObject[] {
  const { id, type, text, status, ...rest } = item;
  const about = { item_id: id, status };
  switch (type) {
    case 'agent_message':
      return [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }], id }];
    case 'reasoning':
      return [{ type: 'reasoning', summary: [{ type: 'summary_text', text }], id }];
    case 'command_execution': {
      const { command, aggregated_output: output, ...others } = rest;
      return [
        { type: 'function_call', name: 'command_execution', arguments: command, call_id: callId, id },
        { type: 'function_call_output', call_id: callId, output, status, ...others },
      ];
    }
    case 'mcp_tool_call': {
      const { tool, arguments: given, result, error, ...others } = rest;
      return [
        { type: 'function_call', name: tool, arguments: given, call_id: callId, id, ...others },
        { type: 'function_call_output', call_id: callId, output: result ?? error, status },
      ];
    }
    default:
      return [{ type: `${textOrNothing(type) ?? 'item'}_call`, action: rest, ...about }];
  }
}

/** Whether an item that is done has failed. */
export function itemFailed({ status, exit_code: exitCode }: JsonObject): boolean {
  return status === 'failed' || (typeof exitCode === 'number' && exitCode !== 0);
}

/** Ends the turn at hand. Its usage is that of all calls of the model in it: no line tells them apart. */
export function endTurn(rollout: Rollout, { type, usage, error }: JsonObject, line: number): void {
  const turn = rollout.turnFor(undefined, line);
  turn.isOver = true;
  const { fields, metadata, sourceNames } = turn.draft;
  for (const [name, value] of Object.entries(isObject(usage) ? usage : {})) {
    const field = usageFields.get(name);
    if (field === undefined) metadata[`usage.${name}`] = value;
    else {
      fields[field] = value;
      sourceNames[field] = `usage.${name}`;
    }
  }
  fields['status_code'] = type === 'turn.failed' ? 500 : 200;
  const message = isObject(error) ? error['message'] : error;
  if (message !== undefined && message !== null) fields['error_message'] = message;
}

/**
 * A line of a rollout as Codex wrote them before August 2025, in today's shape: items stood bare in their lines, and the
 * first line said of the session what `session_meta` says. Other lines as they are.
 */
export function ofOldRollout(row: JsonObject): JsonObject {
  if ('payload' in row) return row;
  const { type, timestamp } = row;
  if (typeof type === 'string') return { type: 'response_item', payload: row };
  return 'id' in row && 'instructions' in row ? { type: 'session_meta', timestamp, payload: row } : row;
}
