import type { SpanFields, TraceFields } from './store.js';

interface Page<Item> {
  items: Item[];
  pagination: { limit: number; returned: number; hasMore: boolean; nextCursor: string | null };
}

type Fields = Partial<SpanFields> & TraceFields;

/** A page of what fits, the latest first unless the search says otherwise. A cursor is a position. */
export function search<Item extends { fields: Fields }>(
  items: readonly Item[],
  wanted: Readonly<Record<string, unknown>>,
): Page<Item> {
  const fitting = items.filter(({ fields }) => fits(fields, wanted));
  const direction = wanted['sort'] === 'startedAt:asc' ? 1 : -1;
  fitting.sort((left, right) => direction * (left.fields.startedAt - right.fields.startedAt));
  const { limit, cursor } = wanted;
  const size = typeof limit === 'number' ? limit : 50;
  const from = typeof cursor === 'string' ? Number(cursor) || 0 : 0;
  const page = fitting.slice(from, from + size);
  const hasMore = from + size < fitting.length;
  return {
    items: page,
    pagination: {
      limit: size,
      returned: page.length,
      hasMore,
      nextCursor: hasMore ? String(from + size) : null,
    },
  };
}

/** Bounds of time do not count among the matches. */
function fits(fields: Fields, wanted: Readonly<Record<string, unknown>>): boolean {
  const { startedAfter, startedBefore, status, name, sessionId, promptId, model, provider } = wanted;
  return (
    same(fields.status, status) &&
    same(fields.name, name) &&
    same(fields.sessionId, sessionId) &&
    same(fields.promptId, promptId) &&
    same(fields.content?.['model'], model) &&
    same(fields.content?.['provider'], provider) &&
    (startedAfter === undefined || fields.startedAt > Number(startedAfter)) &&
    (startedBefore === undefined || fields.startedAt < Number(startedBefore))
  );
}

function same(value: unknown, filter: unknown): boolean {
  return filter === undefined || value === filter;
}
