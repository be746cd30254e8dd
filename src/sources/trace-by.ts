import type { SpanDraft } from '../span/span.js';
import { exactValue } from '../span/source-text.js';
import { isAbsent, isObject } from '../span/text.js';
import type { MapContext } from './source.js';

/** What `--trace-by` groups a row by: the value of a field or at a dotted path. Undefined where there is none. */
export function traceByValue(row: Record<string, unknown>, context: MapContext): unknown {
  const { traceBy, text } = context;
  if (traceBy === undefined) return undefined;
  const path = Object.hasOwn(row, traceBy) ? [traceBy] : traceBy.split('.');
  let value: unknown = row;
  for (const key of path) value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return isAbsent(value) ? undefined : exactValue(value, path, text);
}

/** Puts a draft whose row names no trace into the one that `--trace-by` says: a flag comes before a conversation. */
export function groupByFlag(draft: SpanDraft, row: Record<string, unknown>, context: MapContext): void {
  const isNamed = !isAbsent(draft.traceId) && draft.traceOrigin === undefined;
  const group = isNamed ? undefined : traceByValue(row, context);
  if (group === undefined) return;
  draft.traceId = group;
  draft.traceOrigin = 'grouped';
  // Many rows may share one object of names.
  draft.sourceNames = { ...draft.sourceNames, traceId: context.traceBy ?? 'traceId' };
}

/**
 * Puts a draft that names no trace into the one of its conversation. For sources in which a conversation is what others
 * call a trace: in most it holds many of them, and stays what it is.
 */
export function groupByConversation(draft: SpanDraft, conversation: unknown, name: string): void {
  if (!isAbsent(draft.traceId) || isAbsent(conversation)) return;
  draft.traceId = conversation;
  draft.traceOrigin = 'grouped';
  draft.sourceNames['traceId'] = name;
}

/** Makes a draft that names no trace one of its own, under the id of the span. */
export function standAlone(draft: SpanDraft): void {
  if (!isAbsent(draft.traceId) || isAbsent(draft.spanId)) return;
  draft.traceId = draft.spanId;
  draft.traceOrigin = 'own';
}
