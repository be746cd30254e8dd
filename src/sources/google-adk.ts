import { isObject, parseJsonContainer } from '../span/text.js';
import { EventMapper } from './google-adk/event.js';
import { Invocations, sessionOfRows, type Session } from './google-adk/session.js';
import { bothSpellings, either } from './google-adk/spelling.js';
import { recogniser } from './recognisers/google-adk.js';
import type { MapContext, Mapped, Source } from './source.js';
import { growing } from './transcript/growing.js';
import { sessionOfInput } from './transcript/session-name.js';
import { badField, leftovers, notAnObject, textOrNothing, type JsonObject } from './transcript/values.js';

const placedInSession = bothSpellings('id', 'events', 'user_id');

function sessionFields(record: JsonObject): JsonObject {
  const appName = either(record, 'app_name');
  return { span_workflow_name: appName, customer_identifier: either(record, 'user_id') };
}

function mapSession(row: JsonObject, events: unknown, context: MapContext): Mapped {
  if (!Array.isArray(events)) return badField('events', events, 'a list');
  const wrong: unknown = events.find((event) => !isObject(event));
  if (wrong !== undefined) return badField('events', wrong, 'a list of objects');
  if (events.length === 0) return { kind: 'skip', reason: 'empty_session' };
  const session: Session = {
    id: row['id'] ?? sessionOfInput(context.inputName),
    fields: sessionFields(row),
    metadata: leftovers(row, placedInSession),
    invocations: new Invocations(),
  };
  const mapper = new EventMapper(session);
  for (const event of events) if (isObject(event)) mapper.add(event);
  return { kind: 'drafts', drafts: [...mapper.drafts] };
}

function mapEvent(row: JsonObject, context: MapContext): Mapped {
  const id = textOrNothing(either(row, 'session_id')) ?? sessionOfInput(context.inputName);
  const session: Session = { ...sessionOfRows(context, id), fields: sessionFields(row) };
  const mapper = new EventMapper(session);
  mapper.add(row);
  return { kind: 'drafts', drafts: [...mapper.drafts] };
}

function fromCells(row: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(row).map(([name, cell]) => [
      name,
      typeof cell === 'string' ? (parseJsonContainer(cell) ?? cell) : cell,
    ]),
  );
}

function map(row: unknown, context: MapContext): Mapped {
  if (!isObject(row)) return notAnObject(row);
  if (Object.keys(row).length === 0) return { kind: 'skip', reason: 'empty_object' };
  const record = context.isRecord ? fromCells(row) : row;
  return 'events' in record ? mapSession(record, record['events'], context) : mapEvent(record, context);
}

/**
 * Sessions of Google's Agent Development Kit: a session with its `events`, or its events as rows of their own (their
 * session is `session_id`, else the input). Shape read from a session file of `google/adk-python` and the fields of
 * `Event` and `LlmResponse` in its documentation; `snake_case` and `camelCase` both occur. Times are seconds since the
 * epoch.
 *
 * The tree. The trace is the session. An invocation is a root: it holds the user's message as its input, the last words
 * of a model as its output, and reaches from its first event to its last. Each event in which an agent says or calls
 * something is a generation below it, named for the agent; it starts when the event before it was written. Below the
 * generation stand the tools that it called, each joined with its response by the call's id, or, where calls have none,
 * by name and order. Events without content (changes of the state) are moments, `custom`. What is said about the whole
 * session goes to the metadata of its first invocation.
 *
 * Dropped: the `role` of a content beside its author.
 */
export const googleAdk: Source = {
  ...recogniser,
  remembers: true,
  map: (row, context) => growing(map(row, context)),
};
