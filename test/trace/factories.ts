import type { TraceOrigin } from '../../src/span/span.js';
import type { BodyLocation } from '../../src/trace/body-columns.js';
import type { SpanEntry } from '../../src/trace/trace-index.js';
import { noSpan, TraceIndex } from '../../src/trace/trace-index.js';

/** A span as a test tells it; ids stand for themselves. */
export interface SpanSketch {
  trace?: string;
  id: string;
  parent?: string | undefined;
  /** Microseconds since the epoch; NaN where left out. */
  start?: number;
  end?: number;
  parentByPath?: boolean;
  traceOrigin?: TraceOrigin;
  label?: number;
}

export function entry(overrides: Partial<SpanEntry> = {}): SpanEntry {
  return {
    parent: noSpan,
    parentIsTraceId: false,
    start: NaN,
    end: NaN,
    line: 1,
    label: 0,
    parentByPath: false,
    ...overrides,
  };
}

export function location(overrides: Partial<BodyLocation> = {}): BodyLocation {
  return { kind: 'input', offset: 0, length: 2, checksum: 0, rowLength: 0, ...overrides };
}

/** Puts spans into an index as a plan would; gives back how to go from numbers to ids. */
export function indexOf(spans: readonly SpanSketch[]): { index: TraceIndex; idOf: (span: number) => string } {
  const index = new TraceIndex();
  const ids = new Map<number, string>();
  const number = (trace: number, id: string): number => {
    const span = index.internSpan(trace, id);
    ids.set(span, id);
    return span;
  };
  for (const sketch of spans) {
    const { trace: traceId = 'trace', id, parent, start = NaN, end = NaN } = sketch;
    const trace = index.internTrace(traceId);
    const span = number(trace, id);
    const parentNumber = parent === undefined ? noSpan : number(trace, parent);
    index.define(
      span,
      entry({
        parent: parentNumber,
        parentIsTraceId: parent === traceId,
        start,
        end,
        parentByPath: sketch.parentByPath === true,
        label: sketch.label ?? 0,
      }),
      location(),
    );
    index.setTraceOrigin(span, sketch.traceOrigin ?? 'named');
  }
  return { index, idOf: (span) => ids.get(span) ?? '?' };
}

/** Names of the defined spans' parents after the lint; undefined for a root. */
export function parentsOf(
  index: TraceIndex,
  idOf: (span: number) => string,
): Record<string, string | undefined> {
  const parents: Record<string, string | undefined> = {};
  for (let span = 0; span < index.mentioned; span++) {
    if (!index.isDefined(span)) continue;
    const parent = index.parentOf(span);
    parents[idOf(span)] = parent === noSpan ? undefined : idOf(parent);
  }
  return parents;
}
