import { define } from '../../span/define.js';
import type { SpanDraft } from '../../span/span.js';
import { isAbsent, isObject } from '../../span/text.js';
import type { MapContext } from '../source.js';
import { sessionOfInput } from '../transcript/session-name.js';
import { Recent } from '../transcript/recent.js';
import { later, leftovers, textOrNothing, type JsonObject } from '../transcript/values.js';

/** A user's request and all that answers it. */
interface Turn {
  draft: SpanDraft;
  turnId: string | undefined;
  /** The model has said something, so that the next request is another turn. */
  isActive: boolean;
  /** `task_complete` or `turn_aborted` was seen. */
  isOver: boolean;
}

/** One answer of the model: the items between what it was told and its usage. */
export interface Generation {
  draft: SpanDraft;
  items: JsonObject[];
  times: unknown[];
  hasUsage: boolean;
  /** A result of a tool came after it: what the model says next is another answer. */
  isAnswered: boolean;
}

/** Counts of usage, as Codex calls them. */
export const usageFields: ReadonlyMap<string, string> = new Map([
  ['input_tokens', 'prompt_tokens'],
  ['cached_input_tokens', 'prompt_cache_hit_tokens'],
  ['cache_write_input_tokens', 'prompt_cache_creation_tokens'],
  ['output_tokens', 'completion_tokens'],
  ['reasoning_output_tokens', 'reasoning_tokens'],
  ['total_tokens', 'total_request_tokens'],
]);

/** What a rollout has said so far. Lasts as long as the input; a `session_meta` line begins another session. */
export class Rollout {
  /** Of `session_meta`, for the first turn. */
  notes: JsonObject = {};
  turn: Turn | undefined;
  generation: Generation | undefined;
  model: unknown;
  effort: unknown;
  /** Messages since the model last spoke. */
  asked: unknown[] = [];
  /** When the latest thing happened that a model can answer. */
  at: unknown;
  lastTotals: string | undefined;
  readonly calls = new Recent<true>(4096);

  constructor(public sessionId: string) {}

  static of(context: MapContext): Rollout {
    const known = context.memory.get('codex');
    return known instanceof Rollout ? known : Rollout.begin(sessionOfInput(context.inputName), context);
  }

  static begin(sessionId: string, context: MapContext): Rollout {
    const rollout = new Rollout(sessionId);
    context.memory.set('codex', rollout);
    return rollout;
  }

  draft(spanId: string, fields: JsonObject, metadata: JsonObject): SpanDraft {
    return {
      traceId: this.sessionId,
      traceOrigin: 'grouped',
      spanId,
      parentByPath: true,
      fields: { ...fields, span_workflow_name: 'codex', session_identifier: this.sessionId },
      metadata,
      sourceNames: { start: 'timestamp', end: 'timestamp' },
    };
  }

  /** The turn that a line belongs to; begins one where the line shows that the turn before is over. */
  turnFor(at: unknown, line: number, turnId?: string): Turn {
    const known = this.turn;
    const isSame = turnId === undefined || known?.turnId === undefined || known.turnId === turnId;
    if (known !== undefined && isSame && !known.isOver) {
      known.turnId ??= turnId;
      return known;
    }
    return this.begin(at, line, turnId);
  }

  begin(at: unknown, line: number, turnId?: string): Turn {
    const fields = { span_name: 'turn', log_type: 'agent' };
    const draft = this.draft(turnId ?? `${this.sessionId}-${line}`, fields, this.notes);
    Object.assign(draft, { start: at, end: at });
    this.notes = {};
    this.generation = undefined;
    this.turn = { draft, turnId, isActive: false, isOver: false };
    return this.turn;
  }

  grow(at: unknown): SpanDraft[] {
    if (this.turn === undefined) return [];
    const { draft } = this.turn;
    draft.end = later(draft.end, at);
    return [draft];
  }

  addToTurn(turn: Turn, values: JsonObject): void {
    for (const [name, value] of Object.entries(values)) define(turn.draft.metadata, name, value);
  }

  /** Adds an item of the model's answer. */
  say(item: JsonObject, at: unknown, line: number): Generation {
    const turn = this.turnFor(at, line);
    turn.isActive = true;
    let generation = this.generation;
    if (generation === undefined || generation.isAnswered || generation.hasUsage) {
      const fields: JsonObject = {
        span_name: 'codex.response',
        log_type: 'chat',
        model: this.model,
        reasoning_effort: this.effort,
      };
      if (this.asked.length > 0) fields['prompt_messages'] = this.asked;
      const id = `${this.sessionId}-${line}`;
      // The line may have begun the turn too, where no prompt stands before the answer.
      const draft = this.draft(id === turn.draft.spanId ? `${id}-response` : id, fields, {});
      Object.assign(draft, { parentId: turn.draft.spanId, start: this.at ?? at });
      this.asked = [];
      generation = { draft, items: [], times: [], hasUsage: false, isAnswered: false };
      this.generation = generation;
    }
    generation.items.push(item);
    generation.times.push(at);
    const isTimed = generation.times.some((time) => !isAbsent(time));
    if (isTimed && generation.times.length > 1)
      generation.draft.metadata['item_timestamps'] = generation.times;
    generation.draft.end = at;
    return generation;
  }

  /** Usage of the latest answer. The same totals again are a copy, written when only the rate limits have changed. */
  addUsage(info: JsonObject, rest: JsonObject): boolean {
    const { last_token_usage: last, total_token_usage: total } = info;
    const totals = JSON.stringify(total ?? null);
    if (this.generation === undefined || (totals !== 'null' && totals === this.lastTotals)) return false;
    this.lastTotals = totals;
    const { draft } = this.generation;
    this.generation.hasUsage = true;
    for (const [name, value] of Object.entries(isObject(last) ? last : {})) {
      const field = usageFields.get(name);
      if (field === undefined) define(draft.metadata, `last_token_usage.${name}`, value);
      else {
        draft.fields[field] = value;
        draft.sourceNames[field] = `last_token_usage.${name}`;
      }
    }
    const others = leftovers(info, new Set(['last_token_usage']));
    for (const [name, value] of Object.entries({ ...others, ...rest })) {
      if (!isAbsent(value)) define(draft.metadata, name, value);
    }
    return true;
  }

  callExists(callId: unknown): boolean {
    const id = textOrNothing(callId);
    return id !== undefined && this.calls.get(id) === true;
  }
}
