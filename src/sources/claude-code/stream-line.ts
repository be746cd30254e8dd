import { isObject } from '../../span/text.js';
import type { MapContext, Mapped } from '../source.js';
import { contentText, leftovers, listOf, textOrNothing, type JsonObject } from '../transcript/values.js';
import { mapAssistant } from './assistant.js';
import { Conversation, Line, type Turn } from './conversation.js';
import { mapUser } from './user.js';

/** Where a stream of one session stands. */
interface Stream {
  turn: Turn | undefined;
  /** Nobody has said anything in the turn. */
  isFresh: boolean;
  lastUuid: string | undefined;
  /** A result has told what the session had cost by then. */
  isPriced: boolean;
}

const placedInInit = new Set(['type', 'subtype', 'session_id', 'uuid', 'timestamp']);
const placedInResult = new Set(['type', 'session_id', 'timestamp', 'result', 'is_error']);

class Streams extends Map<unknown, Stream> {}

function streamOf(sessionId: unknown, { memory }: MapContext): Stream {
  const known = memory.get('claude-code.streams');
  const streams = known instanceof Streams ? known : new Streams();
  memory.set('claude-code.streams', streams);
  const stream = streams.get(sessionId) ?? {
    turn: undefined,
    isFresh: true,
    lastUuid: undefined,
    isPriced: false,
  };
  streams.set(sessionId, stream);
  return stream;
}

/** The line as a transcript has it: there each line names the one above it. */
function lineOf(row: JsonObject, stream: Stream, context: MapContext): Line {
  const { session_id: sessionId, ...rest } = row;
  const uuid = textOrNothing(row['uuid']) ?? `${String(sessionId)}-${context.line}`;
  const parent = stream.lastUuid;
  stream.lastUuid = uuid;
  return new Line({ ...rest, sessionId }, Conversation.of(context), context, { uuid, parent });
}

/** A turn begins when the program does: the prompt is in its arguments, and in no line. */
function beginTurn(line: Line, stream: Stream, metadata: JsonObject): Turn {
  const spanId = line.uuid ?? '';
  const fields = { span_name: 'turn', log_type: 'agent' };
  const turn = { spanId, draft: { ...line.draft(spanId, fields, metadata), start: line.at, end: line.at } };
  Object.assign(stream, { turn, isFresh: true });
  line.conversation.turn = turn;
  line.remember(turn);
  return turn;
}

function isPrompt(row: JsonObject): boolean {
  const { message } = row;
  if (row['type'] !== 'user' || !isObject(message) || textOrNothing(row['parent_tool_use_id'])) return false;
  return !listOf(message['content']).some((block) => isObject(block) && 'tool_use_id' in block);
}

function mapPrompt(line: Line, turn: Turn, message: unknown): Mapped {
  turn.draft.fields['input'] = isObject(message) ? contentText(message['content']) : message;
  const drafts = line.grownTurn();
  line.remember(turn, [message]);
  return { kind: 'drafts', drafts };
}

/** What the program says of the whole turn when it ends. The tokens are those of its generations once more. */
function mapResult(row: JsonObject, stream: Stream): Mapped {
  const { turn } = stream;
  if (turn === undefined) return { kind: 'skip', reason: 'session_note' };
  const { draft } = turn;
  const { result, is_error: isError, total_cost_usd: cost } = row;
  const said = contentText(result);
  if (said !== undefined) draft.fields['output'] = said;
  const hasFailed = isError === true || row['subtype'] !== 'success';
  draft.fields['status_code'] = hasFailed ? 500 : 200;
  if (hasFailed) draft.fields['error_message'] = said ?? row['subtype'];
  if (!stream.isPriced && typeof cost === 'number') draft.fields['cost'] = cost;
  stream.isPriced = true;
  if (draft.start === undefined) draft.latency = { value: row['duration_ms'], unit: 'ms' };
  Object.assign(draft.metadata, leftovers(row, placedInResult, 'result.'));
  Object.assign(stream, { turn: undefined, isFresh: true });
  return { kind: 'drafts', drafts: [draft] };
}

/** Lines between those of the conversation: pieces of messages that follow whole, and talk with who started the program. */
const between = new Set([
  'stream_event',
  'keep_alive',
  'control_request',
  'control_response',
  'control_cancel_request',
  'rate_limit_event',
]);

/**
 * A line of `claude -p --output-format stream-json`, and of the messages of its SDK: `{type, session_id, message,
 * parent_tool_use_id}`. The lines have no times and name no line above them: a line follows the one before. `mapEvent`
 * maps lines of the program's own.
 */
export function mapStreamLine(
  row: JsonObject,
  context: MapContext,
  mapEvent: (line: Line, type: string) => Mapped,
): Mapped {
  const { type, subtype, message } = row;
  const stream = streamOf(row['session_id'], context);
  if (type === 'result') return mapResult(row, stream);
  if (between.has(String(type)) || subtype === 'status') {
    return { kind: 'skip', reason: subtype === 'status' ? 'status' : String(type) };
  }
  if (type === 'system' && subtype === 'init') {
    const line = lineOf(row, stream, context);
    return { kind: 'drafts', drafts: [beginTurn(line, stream, leftovers(row, placedInInit)).draft] };
  }
  const begun =
    stream.turn ?? beginTurn(lineOf({ session_id: row['session_id'] }, stream, context), stream, {});
  const line = lineOf(row, stream, context);
  const isFirst = stream.isFresh;
  if (type === 'user' || type === 'assistant') stream.isFresh = false;
  if (isPrompt(row) && isFirst) return mapPrompt(line, begun, message);
  if (type === 'assistant') return mapAssistant(line);
  if (type !== 'user') return mapEvent(line, String(type));
  const mapped = mapUser(line);
  stream.turn = line.conversation.turn;
  return mapped;
}
