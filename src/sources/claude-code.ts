import { define } from '../span/define.js';
import { isObject, isAbsent } from '../span/text.js';
import { mapAssistant } from './claude-code/assistant.js';
import { Conversation, Line } from './claude-code/conversation.js';
import { mapStreamLine } from './claude-code/stream-line.js';
import { mapUser } from './claude-code/user.js';
import { books, isStreamLine, recogniser } from './recognisers/claude-code.js';
import type { MapContext, Mapped, Source } from './source.js';
import { growing } from './transcript/growing.js';
import {
  badField,
  contentText,
  leftovers,
  notAnObject,
  textOrNothing,
  type JsonObject,
} from './transcript/values.js';

const placedInEvent = new Set(['type', 'sessionId', 'timestamp', 'content']);

const placedInNote = new Set(['type']);

/** A line of the program's own, such as what a hook said: a moment in the turn, below the tool that it is about. */
function mapEvent(line: Line, type: string): Mapped {
  const { row } = line;
  if (type === 'progress') {
    line.remember(line.turn, line.unanswered());
    return { kind: 'skip', reason: 'progress' };
  }
  const tool = textOrNothing(row['toolUseID']);
  const isKnown = tool !== undefined && line.conversation.toolStarts.get(line.key(tool)) !== undefined;
  const fields: JsonObject = {
    span_name: textOrNothing(row['subtype']) ?? type,
    log_type: 'custom',
    output: contentText(row['content']),
  };
  if (row['level'] === 'error') {
    const error = isObject(row['error']) ? row['error'] : {};
    Object.assign(fields, { status_code: 500, error_message: row['content'] ?? error['message'] });
  }
  const draft = line.draft(line.uuid, fields, { type, ...leftovers(row, placedInEvent) });
  const parentId = isKnown ? tool : line.parentId;
  const drafts = [{ ...draft, parentId, start: line.at, end: line.at }, ...line.grownTurn()];
  line.remember(line.turn, line.unanswered());
  return { kind: 'drafts', drafts };
}

/** A line without a place in the tree: into the metadata of the turn at hand, or of the first that follows. */
function mapNote(row: JsonObject, type: string, context: MapContext): Mapped {
  if (books.has(type)) return { kind: 'skip', reason: type.replaceAll('-', '_') };
  const conversation = Conversation.of(context);
  const name = `${type}.${textOrNothing(row['leafUuid']) ?? context.line}`;
  const rest = leftovers(row, placedInNote);
  const { turn } = conversation;
  define(turn?.draft.metadata ?? conversation.notes, name, rest);
  return turn === undefined
    ? { kind: 'skip', reason: 'session_note' }
    : { kind: 'drafts', drafts: [turn.draft] };
}

function map(row: unknown, context: MapContext): Mapped {
  if (!isObject(row)) return notAnObject(row);
  if (Object.keys(row).length === 0) return { kind: 'skip', reason: 'empty_object' };
  if (isStreamLine(row)) return mapStreamLine(row, context, mapEvent);
  const { type, uuid, sessionId } = row;
  if (typeof type !== 'string') return badField('type', type, 'a text');
  if (!isAbsent(sessionId) && typeof sessionId !== 'string')
    return badField('sessionId', sessionId, 'a text');
  if (!isAbsent(uuid) && typeof uuid !== 'string') return badField('uuid', uuid, 'a text');
  const isSpoken = type === 'user' || type === 'assistant';
  if (!isSpoken && isAbsent(uuid)) return mapNote(row, type, context);
  const line = new Line(row, Conversation.of(context), context);
  if (!isSpoken) return mapEvent(line, type);
  return type === 'user' ? mapUser(line) : mapAssistant(line);
}

/**
 * Transcripts of Claude Code: `~/.claude/projects/<project>/<session>.jsonl`, and `agent-*.jsonl` of subagents. Verified
 * with real transcripts of versions 1.0.29 to 1.0.51; files of subagents and lines without a uuid other than `summary`
 * by their shape alone. Times are ISO 8601 with a zone.
 *
 * The tree. The trace is the session. A prompt is a root, `turn`, that reaches to the last line that followed from it;
 * a session of several prompts has several roots. Below the turn stand the generations (`claude.chat`, one for each API
 * message, however many lines it takes), below a generation the tools that it called, and below the tool of a subagent
 * the run of that subagent, `subagent`, with generations and tools of its own. A generation starts when the line above
 * it was written; its `prompt_messages` are the user messages and results since the model last spoke. What the program
 * writes in the user's name (`isMeta`, outputs of commands) and `system` lines are moments in the turn, `custom`. A line
 * below one that the input does not hold names that one as its parent.
 *
 * Subagents: files of their own carry `agentId` and the session of their parent, and the main file names the `agentId`
 * in the `toolUseResult` of the call: both write to the span `agent-<agentId>`. Older versions have sidechains in the
 * main file, which are linked by the prompt that call and sidechain share.
 *
 * Streams of `claude -p --output-format stream-json` (by their shape alone) have no times and no prompt. A turn begins
 * with the `init` line and ends with the `result`, which tells its answer, its duration and, for the first turn, its cost.
 *
 * Lines of one API message repeat its usage, which is counted once, from the last line. The metadata key `lines` lists
 * the uuid, time and differing values of each line. Lines without a uuid (`summary`, titles) go to the metadata of
 * the turn at hand, or of the first prompt.
 *
 * Dropped: the words for kinds of lines and blocks (`type`, `message.type`); `progress` lines (interim output, whose
 * result follows); `file-history-snapshot`, `queue-operation`, `permission-mode`, `mode` and `last-prompt` lines; notes
 * on a session in an input without a prompt.
 */
export const claudeCode: Source = {
  ...recogniser,
  remembers: true,
  map: (row, context) => growing(map(row, context)),
};
