import { fileURLToPath } from 'node:url';
import type { Mapped, MapContext, Source } from '../../src/sources/source.js';
import type { Span, SpanDraft } from '../../src/span/span.js';
import { mapContext } from './map-context.js';

export function fixture(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));
}

/** Drafts of one row; fails the test where there are none. */
export function draftsOf(mapped: Mapped): SpanDraft[] {
  if (mapped.kind !== 'drafts') throw new Error(`no drafts: ${JSON.stringify(mapped)}`);
  return mapped.drafts;
}

export function mapRow(source: Source, row: unknown, context: Partial<MapContext> = {}): SpanDraft[] {
  return draftsOf(source.map(row, mapContext({ text: () => JSON.stringify(row), ...context })));
}

export function spanWithId(spans: readonly Span[], id: string): Span {
  const found = spans.find((span) => span.span_unique_id === id);
  if (found === undefined) throw new Error(`no span ${id}`);
  return found;
}
