import type { BodyStore } from '../bodies/body-store.js';
import { PieceReader } from '../bodies/piece-reader.js';
import { Pieces } from '../bodies/pieces.js';
import { encodeWhole } from '../span/encode.js';
import { stringText } from '../span/json-text.js';
import { isTypedAsRoot } from '../span/label.js';
import { logTypeOfChild } from '../span/log-type.js';
import { addedBytes, patchBytes, readSpanId } from '../span/patch-bytes.js';
import { withoutParent } from '../span/rewrite.js';
import type { Span } from '../span/span.js';
import { definedSpans } from '../trace/defined-spans.js';
import { noSpan, type TraceIndex } from '../trace/trace-index.js';
import type { SpanPlacer } from './place-span.js';
import type { TraceIds } from './trace-ids.js';

/** Ids of parents that are kept at hand; more than spans are patched together. */
const rememberedIds = 10_000;
/** Spans that are read together, their parents too. */
const mostSpans = 2048;
const mostBytes = 4 * 1024 * 1024;

/** Writes into spans what the index knows better than their rows: parents, and the traces that they moved to. */
export class SpanPatcher {
  private readonly reader: PieceReader;
  /** Ids are in the bodies alone, and the parent of many children is read once. */
  private readonly ids = new Map<number, string>();
  private memory = Buffer.alloc(0);

  constructor(
    private readonly index: TraceIndex,
    private readonly bodies: BodyStore,
    private readonly placer: SpanPlacer,
    private readonly traceIds: TraceIds,
  ) {
    this.reader = new PieceReader(bodies);
  }

  needsPatch(span: number): boolean {
    return this.index.needsPatch(span) || this.index.memberships.isMoved(span);
  }

  /** Patches all spans that need it. `pause` is awaited before each. */
  async patchAll(pause: () => Promise<void>): Promise<void> {
    if (!this.index.hasPatches) return;
    let spans: number[] = [];
    let bytes = 0;
    for (const span of definedSpans(this.index)) {
      if (!this.needsPatch(span)) continue;
      await pause();
      spans.push(span);
      bytes += this.index.lengthOf(span);
      if (spans.length < mostSpans && bytes < mostBytes) continue;
      this.patchTogether(spans);
      spans = [];
      bytes = 0;
    }
    this.patchTogether(spans);
  }

  /** The span with the parent and the trace that the index has for it. */
  patched(span: number): Span {
    const { index } = this;
    const planned = this.placer.planned(span);
    const parent = index.parentOf(span);
    let body = planned;
    if (index.memberships.isMoved(span))
      body = { ...body, trace_unique_id: this.traceIds.idOf(index.traceOf(span)) };
    if (!index.needsPatch(span)) return body;
    if (parent === noSpan) return withoutParent(body, namesSpan(index, span, planned));
    return withParent(body, this.idOf(parent), index.labelOf(span));
  }

  private patchTogether(spans: readonly number[]): void {
    const { index, bodies } = this;
    const isUnknown = (parent: number): boolean =>
      bodies.dryRun ? this.placer.idLengths.of(parent) === undefined : !this.ids.has(parent);
    const parents = spans.filter((span) => this.isGivenParent(span)).map((span) => index.parentOf(span));
    const unknown = [...new Set(parents.filter(isUnknown))];
    const read = this.read(bodies.dryRun ? unknown : [...new Set([...spans, ...unknown])]);
    if (this.ids.size + unknown.length > rememberedIds) this.ids.clear();
    for (const parent of unknown) {
      const bytes = read.get(parent);
      const id = bytes === undefined ? undefined : readSpanId(bytes);
      if (id !== undefined && this.isIdOf(parent, id)) this.ids.set(parent, id);
    }
    for (const span of spans) {
      if (bodies.dryRun) this.keepLength(span);
      else this.keepPatched(span, read.get(span));
    }
  }

  /** True where the span has a parent that its bytes have no member for. */
  private isGivenParent(span: number): boolean {
    return this.index.needsPatch(span) && this.index.parentOf(span) !== noSpan;
  }

  private isMadeRoot(span: number): boolean {
    return this.index.needsPatch(span) && this.index.parentOf(span) === noSpan;
  }

  /** A dry run keeps no changed span: it only tells how long it would be. */
  private keepLength(span: number): void {
    const { index } = this;
    const isChangedElsewhere = this.isMadeRoot(span) || index.memberships.isMoved(span);
    const length = isChangedElsewhere
      ? encodeWhole(this.patched(span)).length
      : index.lengthOf(span) +
        addedBytes(this.idBytesOf(index.parentOf(span)), isTypedAsRoot(index.labelOf(span)));
    index.patched(span, { ...index.location(span), length });
  }

  private keepPatched(span: number, bytes: Buffer | undefined): void {
    const { index, bodies } = this;
    const patched =
      bytes === undefined || this.isMadeRoot(span)
        ? undefined
        : patchBytes(bytes, {
            traceId: index.memberships.isMoved(span) ? this.traceIds.idOf(index.traceOf(span)) : undefined,
            parentId: this.isGivenParent(span) ? this.idOf(index.parentOf(span)) : undefined,
            typedAsRoot: this.isGivenParent(span) && isTypedAsRoot(index.labelOf(span)),
          });
    const place = bodies.placeOf(index, span);
    index.patched(span, bodies.spoolBody(place, patched ?? encodeWhole(this.patched(span))));
  }

  /** The bytes of spans; of those that have none of their own, nothing. Valid until the next call. */
  private read(spans: readonly number[]): Map<number, Buffer> {
    const pieces = new Pieces();
    const ends = new Map<number, [from: number, to: number]>();
    let at = 0;
    for (const span of spans) {
      const location = this.bodies.locationOf(this.index, span);
      if (location.kind === 'derived') continue;
      pieces.add(location, at);
      ends.set(span, [at, at + location.length]);
      at += location.length;
    }
    if (this.memory.length < at) this.memory = Buffer.allocUnsafeSlow(at);
    this.reader.fetch(pieces, this.memory);
    return new Map([...ends].map(([span, [from, to]]) => [span, this.memory.subarray(from, to)]));
  }

  private idBytesOf(span: number): number {
    return this.placer.idLengths.of(span) ?? Buffer.byteLength(stringText(this.idOf(span)));
  }

  private idOf(span: number): string {
    const known = this.ids.get(span);
    if (known !== undefined) return known;
    if (this.ids.size >= rememberedIds) this.ids.clear();
    const id = this.placer.planned(span).span_unique_id;
    this.ids.set(span, id);
    return id;
  }

  private isIdOf(span: number, id: string): boolean {
    return this.index.findSpan(this.index.memberships.keyTraceOf(span), id) === span;
  }
}

/** What was taken for a workflow only since it seemed to be a root is none. */
function withParent(span: Span, parentId: string, label: number): Span {
  const patched: Span = { ...span, span_parent_id: parentId };
  if (isTypedAsRoot(label)) patched['log_type'] = logTypeOfChild;
  return patched;
}

/** False where the parent's id is the trace's and no span's: that says no more than that the span is a root. */
function namesSpan(index: TraceIndex, span: number, planned: Span): boolean {
  const { trace_unique_id: trace } = planned;
  return !index.namesTraceAsParent(span) || index.hasSpan(trace, trace);
}
