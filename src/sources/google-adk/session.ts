import type { SpanDraft } from '../../span/span.js';
import type { MapContext } from '../source.js';
import { later, type JsonObject } from '../transcript/values.js';
import { Recent } from '../transcript/recent.js';

/** Everything from a user's message to the last event that answers it. Its draft grows with every event. */
export interface Invocation {
  draft: SpanDraft;
  /** When its latest event was written: where the next one starts. */
  at: unknown;
  /** Calls that wait for their response, by name, for transcripts without call ids. */
  waiting: Map<string, string[]>;
  /** What was said to the model since it last spoke. */
  asked: unknown[];
  isAsked: boolean;
}

/** The invocations of a session by their ids. */
export class Invocations extends Recent<Invocation> {}

/** The session that events belong to; events that are rows of their own find it in the input's memory. */
export interface Session {
  id: unknown;
  fields: JsonObject;
  /** For the root of the first invocation. */
  metadata: JsonObject;
  invocations: Invocations;
}

export function sessionOfRows(context: MapContext, id: string): Session {
  const key = `google-adk ${id}`;
  const known = context.memory.get(key);
  const invocations = known instanceof Invocations ? known : new Invocations(1024);
  context.memory.set(key, invocations);
  return { id, fields: {}, metadata: {}, invocations };
}

export function grow(invocation: Invocation, at: unknown): void {
  invocation.at = at;
  invocation.draft.end = later(invocation.draft.end, at);
}
