import type { SpanDraft } from '../span/span.js';
import { isAbsent, isObject } from '../span/text.js';
import { Conversation } from './gemini-cli/conversation.js';
import { recogniser } from './recognisers/gemini-cli.js';
import type { MapContext, Mapped, Source } from './source.js';
import { growing } from './transcript/growing.js';
import { sessionOfInput } from './transcript/session-name.js';
import { badField, leftovers, notAnObject, textOrNothing, type JsonObject } from './transcript/values.js';

const placedInChat = new Set(['sessionId', 'messages']);

function conversationOf(context: MapContext): Conversation {
  const known = context.memory.get('gemini-cli');
  if (known instanceof Conversation) return known;
  const begun = new Conversation(sessionOfInput(context.inputName));
  context.memory.set('gemini-cli', begun);
  return begun;
}

function mapChat(row: JsonObject, messages: unknown, context: MapContext): Mapped {
  if (!Array.isArray(messages)) return badField('messages', messages, 'a list');
  const wrong: unknown = messages.find((message) => !isObject(message));
  if (wrong !== undefined) return badField('messages', wrong, 'a list of objects');
  if (messages.length === 0) return { kind: 'skip', reason: 'empty_session' };
  const chat = new Conversation(textOrNothing(row['sessionId']) ?? sessionOfInput(context.inputName));
  chat.metadata = leftovers(row, placedInChat);
  const drafts = new Set<SpanDraft>();
  for (const message of messages) {
    if (isObject(message)) for (const draft of chat.add(message)) drafts.add(draft);
  }
  return { kind: 'drafts', drafts: [...drafts] };
}

/** The first line of a chat in lines, which its messages follow. */
function mapHeader(row: JsonObject, sessionId: string, context: MapContext): Mapped {
  const chat = new Conversation(sessionId);
  chat.metadata = leftovers(row, placedInChat);
  context.memory.set('gemini-cli', chat);
  return { kind: 'skip', reason: 'session_note' };
}

function mapUpdate(values: unknown, context: MapContext): Mapped {
  if (!isObject(values)) return badField('$set', values, 'an object');
  const drafts = conversationOf(context).update(values);
  return drafts.length === 0 ? { kind: 'skip', reason: 'session_note' } : { kind: 'drafts', drafts };
}

function map(row: unknown, context: MapContext): Mapped {
  if (!isObject(row)) return notAnObject(row);
  if (Object.keys(row).length === 0) return { kind: 'skip', reason: 'empty_object' };
  const { sessionId, messages, type } = row;
  if (!isAbsent(sessionId) && typeof sessionId !== 'string')
    return badField('sessionId', sessionId, 'a text');
  if (messages !== undefined) return mapChat(row, messages, context);
  if (typeof type === 'string') return { kind: 'drafts', drafts: conversationOf(context).add(row) };
  if (typeof sessionId === 'string') return mapHeader(row, sessionId, context);
  if ('$rewindTo' in row) return { kind: 'skip', reason: 'rewind' };
  if ('$set' in row) return mapUpdate(row['$set'], context);
  return badField('type', type, 'a text');
}

/**
 * Chats that Gemini CLI records in `~/.gemini/tmp/<project>/chats/session-*.json`: one document with its messages, or
 * (newer versions) a header and then a message a line. Shape: `ConversationRecord` in `chatRecordingService.ts` of
 * `@google/gemini-cli-core`. Times are ISO 8601 with a zone; token counts of a prompt include cached ones.
 *
 * The tree. The trace is the session. A user's message is a root, `turn`, that reaches to the last message that follows
 * it; below it stand the answers (`gemini.chat`), each of which starts when what came before it was over, and below an
 * answer the tools that it called. `info`, `error` and `warning` messages are moments in the turn, `custom`. What is
 * said about the whole chat goes to the metadata of its first turn, what `$set` lines say of it to the turn at hand.
 *
 * Dropped: the words for kinds of messages, `type`; `$rewindTo` lines, which take back
 * messages that were said all the same; messages in `$set` lines, which repeat earlier lines.
 */
export const geminiCli: Source = {
  ...recogniser,
  remembers: true,
  map: (row, context) => growing(map(row, context)),
};
