import { define } from '../../span/define.js';
import type { SpanDraft } from '../../span/span.js';
import type { MapContext } from '../source.js';
import { sessionOfInput } from '../transcript/session-name.js';
import { Recent } from '../transcript/recent.js';
import { later, leftovers, textOrNothing, type JsonObject } from '../transcript/values.js';

/** A prompt and all that followed from it. Its draft grows with every line of the turn. */
export interface Turn {
  spanId: string;
  draft: SpanDraft;
}

/** What later lines ask about a line above them. */
interface Place {
  at: unknown;
  turn: Turn | undefined;
  /** User messages since the model last spoke: what the next generation answers. */
  messages: unknown[];
}

/** The lines of one API message, put together. */
export interface ApiMessage {
  draft: SpanDraft;
  content: unknown[];
  lines: JsonObject[];
  usage: unknown;
}

/** What a transcript has said so far, as much as the lines below may refer to. Lasts as long as the input. */
export class Conversation {
  readonly places = new Recent<Place>();
  readonly messages = new Recent<ApiMessage>(256);
  /** Turns of subagents by `agentId`. */
  readonly agents = new Recent<Turn>(1024);
  /** Prompt of a `Task` call → id of the call: older transcripts link their sidechains by nothing else. */
  readonly tasks = new Recent<string>(1024);
  readonly toolStarts = new Recent<unknown>(4096);
  /** Lines about the session that came before its first prompt, for the metadata of that prompt. */
  notes: JsonObject = {};
  turn: Turn | undefined;

  static of(context: MapContext): Conversation {
    const known = context.memory.get('claude-code');
    if (known instanceof Conversation) return known;
    const conversation = new Conversation();
    context.memory.set('claude-code', conversation);
    return conversation;
  }
}

/** A line that has a place in the tree: who wrote it, when, and after what. */
export class Line {
  readonly sessionId: string;
  readonly uuid: string | undefined;
  readonly agentId: string | undefined;
  readonly at: unknown;
  readonly above: Place | undefined;

  constructor(
    readonly row: JsonObject,
    readonly conversation: Conversation,
    context: MapContext,
    /** Where lines name neither themselves nor the line above. */
    place: { uuid?: string | undefined; parent?: string | undefined } = {},
  ) {
    this.sessionId = textOrNothing(row['sessionId']) ?? sessionOfInput(context.inputName);
    this.uuid = textOrNothing(row['uuid']) ?? place.uuid;
    this.agentId = row['isSidechain'] === true ? textOrNothing(row['agentId']) : undefined;
    this.at = row['timestamp'];
    const parent =
      textOrNothing(row['parentUuid']) ?? textOrNothing(row['logicalParentUuid']) ?? place.parent;
    this.above = parent === undefined ? undefined : conversation.places.get(this.key(parent));
  }

  /** Resumed sessions copy lines with their uuids. */
  key(id: string): string {
    return `${this.sessionId} ${id}`;
  }

  get turn(): Turn | undefined {
    const { agentId, above, conversation } = this;
    return above?.turn ?? (agentId === undefined ? undefined : conversation.agents.get(this.key(agentId)));
  }

  /** The call of a tool in which a subagent said it; only streams tell. */
  get tool(): string | undefined {
    return textOrNothing(this.row['parent_tool_use_id']);
  }

  /** The span that the line belongs to. A line above that the input does not hold is named as the source names it. */
  get parentId(): unknown {
    if (this.tool !== undefined) return this.tool;
    if (this.turn !== undefined) return this.turn.spanId;
    return this.agentId === undefined ? this.row['parentUuid'] : agentSpanId(this.agentId);
  }

  draft(spanId: unknown, fields: JsonObject, metadata: JsonObject): SpanDraft {
    return {
      traceId: this.sessionId,
      traceOrigin: 'grouped',
      spanId,
      parentByPath: true,
      fields: { ...fields, span_workflow_name: 'claude-code', session_identifier: this.sessionId },
      metadata,
      sourceNames: { ...sourceNames },
    };
  }

  metadata(): JsonObject {
    return leftovers(this.row, placed);
  }

  remember(turn: Turn | undefined, messages: unknown[] = []): void {
    if (this.uuid !== undefined) {
      this.conversation.places.set(this.key(this.uuid), { at: this.at, turn, messages });
    }
    if (this.agentId !== undefined && turn !== undefined) {
      this.conversation.agents.set(this.key(this.agentId), turn);
    }
  }

  /** The user messages that nobody has answered yet, with this line's own; they move on from the line above. */
  unanswered(...own: unknown[]): unknown[] {
    const messages = [...(this.above?.messages ?? []), ...own];
    if (this.above !== undefined) this.above.messages = [];
    return messages;
  }

  /** The turn's draft again, reaching to this line. */
  grownTurn(output?: string): SpanDraft[] {
    const { turn } = this;
    if (turn === undefined) return [];
    turn.draft.end = later(turn.draft.end, this.at);
    if (output !== undefined) turn.draft.fields['output'] = output;
    return [turn.draft];
  }
}

/** The prompt line of a subagent's own file, and the call in the main file that started it, must find this id alone. */
export function agentSpanId(agentId: string): string {
  return `agent-${agentId}`;
}

export function addNotes(metadata: JsonObject, notes: JsonObject): void {
  for (const [name, value] of Object.entries(notes)) define(metadata, name, value);
}

const placed = new Set(['type', 'message', 'sessionId', 'timestamp', 'toolUseResult']);

const sourceNames = {
  traceId: 'sessionId',
  spanId: 'uuid',
  parentId: 'parentUuid',
  start: 'timestamp',
  end: 'timestamp',
};
