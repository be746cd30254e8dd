import { crc32 } from 'node:zlib';

import type { BodyStore, RowPosition } from '../bodies/body-store.js';
import { PieceReader } from '../bodies/piece-reader.js';
import { Pieces } from '../bodies/pieces.js';
import type { RowDigest } from '../digest/row-digests.js';
import { inputChanged } from '../bodies/input-reader.js';
import type { InputFile } from '../input/input-file.js';
import type { Problem } from '../input/row.js';
import { checkSpanSize, encodeSpan, encodeWhole, spanText } from '../span/encode.js';
import { readRfc3339 } from '../span/calendar.js';
import { isTypedAsRoot, labelOf, namesParent } from '../span/label.js';
import { logTypeOfRoot } from '../span/log-type.js';
import { mergeSpans, withoutBaseTime } from '../span/merge.js';
import type { NormalisedSpan } from '../span/normalised.js';
import { parseSpan } from '../span/parse-span.js';
import type { Span } from '../span/span.js';
import type { WrittenStrings } from '../span/written-strings.js';
import type { BodyLocation } from '../trace/body-columns.js';
import { byteColumn } from '../trace/column.js';
import { noSpan, type TraceIndex } from '../trace/trace-index.js';
import { GeneratedIds } from './generated-ids.js';
import { IdLengths } from './id-lengths.js';
import { RemappedRow } from './remapped-row.js';

/** A row at hand: its place and its bytes. */
export interface RowAtHand extends RowPosition {
  line: number;
  bytes: Buffer;
  /** Set where the row is JSON. */
  written: WrittenStrings | undefined;
}

/** How a span joined the plan. */
export type Placed = 'new' | 'duplicate' | 'merged' | 'conflicting' | { problem: Problem };

/** Maps a row again: a dry run has no other copy of a span. */
export type MapAgain = (input: RowPosition['input'], line: number, row: Buffer) => NormalisedSpan[];

/** Puts spans into the index and their bytes where they can be found again; spans with the same ids become one. */
export class SpanPlacer {
  /** The span that was placed last. */
  span = 0;
  /** Kept in a dry run only. */
  readonly idLengths = new IdLengths();
  /** 1 for spans of which no row has told a time: they have the one of `--base-time`. */
  private readonly baseTimed = byteColumn();
  private readonly generatedIds: GeneratedIds;
  private readonly reader: PieceReader;
  /** The row that was mapped again last. */
  private remapped: { input: RowPosition['input']; offset: number; row: RemappedRow } | undefined;

  constructor(
    private readonly index: TraceIndex,
    private readonly bodies: BodyStore,
    /** A row that contradicts an earlier one is a problem. */
    private readonly strict: boolean,
    private readonly mapAgain: MapAgain,
  ) {
    this.generatedIds = new GeneratedIds(index);
    this.reader = new PieceReader(bodies);
  }

  place(normalised: NormalisedSpan, row: RowAtHand): Placed {
    const ids = this.completeIds(normalised);
    const { body } = normalised;
    const bytes = body === 'row' ? row.bytes : encodeSpan(body, ids, row.written);
    const problem = checkSpanSize(bytes.length);
    if (problem !== undefined) return { problem };

    const trace = this.index.internTrace(ids.traceId);
    const span = this.index.internSpan(trace, ids.spanId);
    this.span = span;
    const origin = normalised.traceId === undefined ? 'own' : (normalised.traceOrigin ?? 'named');
    if (this.index.isDefined(span)) {
      if (origin === 'named') this.index.memberships.setOrigin(span, origin);
      return this.join(span, bytes, row, normalised);
    }
    this.index.memberships.setOrigin(span, origin);
    if (this.bodies.dryRun) this.idLengths.set(span, ids.spanId);
    if (normalised.baseTimed === true) this.baseTimed.set(span, 1);
    const { parentId } = ids;
    this.index.define(
      span,
      {
        parent: parentId === undefined ? noSpan : this.index.internSpan(trace, parentId),
        parentIsTraceId: parentId === ids.traceId,
        start: normalised.start,
        end: normalised.end,
        line: row.line,
        label: normalised.label,
        parentByPath: normalised.parentByPath === true,
      },
      body === 'row' ? this.bodies.keepRow(row, bytes) : this.bodies.keepSpan(row, bytes),
    );
    return 'new';
  }

  /**
   * Puts a native row into the index that was digested. Undefined where another row gave the span, and the two have to be
   * compared.
   *
   * @param atHand left out where the row can be read again
   */
  placeDigest(
    digest: Readonly<RowDigest>,
    line: number,
    atHand?: { input: InputFile; bytes: Buffer },
  ): 'new' | 'duplicate' | undefined {
    const { index } = this;
    const trace = index.internTraceHash(digest.trace);
    const span = index.internSpanHash(trace, digest.span);
    this.span = span;
    const { offset, length, checksum } = digest;
    if (index.isDefined(span)) {
      const earlier = index.location(span);
      const isSame = earlier.length === length && earlier.checksum === checksum;
      return isSame && index.edgeOf(span).origin === 'explicit' ? 'duplicate' : undefined;
    }
    index.define(
      span,
      {
        parent: digest.isRoot ? noSpan : index.internSpanHash(trace, digest.parent),
        parentIsTraceId: digest.parentIsTraceId,
        start: digest.start,
        end: digest.end,
        line,
        label: digest.label,
        parentByPath: false,
      },
      atHand === undefined
        ? { kind: 'input', offset: this.bodies.extents.global(offset), length, checksum, rowLength: 0 }
        : this.bodies.spoolBody({ input: atHand.input, offset }, atHand.bytes, checksum),
    );
    return 'new';
  }

  /**
   * The span that the plan holds under this number. A dry run, which keeps no changed span, gives it as its rows did:
   * before its edge was mended and before flags replaced its ids and times.
   */
  planned(span: number): Span {
    const location = this.bodies.locationOf(this.index, span);
    if (location.kind !== 'derived') return parseSpan(this.bodies.read(location));
    return this.derived(span, location);
  }

  /** The same of several spans: those that lie side by side are read together. */
  allPlanned(spans: readonly number[]): Span[] {
    const locations = spans.map((span) => this.bodies.locationOf(this.index, span));
    const pieces = new Pieces();
    let end = 0;
    for (const location of locations) {
      if (location.kind === 'derived') continue;
      pieces.add(location, end);
      end += location.length;
    }
    const memory = Buffer.allocUnsafe(end);
    this.reader.fetch(pieces, memory);
    let next = 0;
    return locations.map((location, position) => {
      if (location.kind === 'derived') return this.derived(spans[position]!, location);
      const at = pieces.place(next);
      next += 1;
      return parseSpan(memory.subarray(at, at + location.length));
    });
  }

  private derived(span: number, location: BodyLocation): Span {
    const { input, line, offset } = this.bodies.placeOf(this.index, span);
    if (this.remapped?.input !== input || this.remapped.offset !== offset) {
      const spans = this.mapAgain(input, line, this.bodies.read(location));
      this.remapped = { input, offset, row: new RemappedRow(this.index, this.generatedIds, spans) };
    }
    for (const encoded of this.remapped.row.encodings(span)) {
      if (encoded.length === location.length) return parseSpan(encoded);
    }
    throw inputChanged(input.name, offset);
  }

  private completeIds(normalised: NormalisedSpan): {
    traceId: string;
    spanId: string;
    parentId: string | undefined;
  } {
    const { traceId, spanId, parentId, body } = normalised;
    if (traceId !== undefined && spanId !== undefined) return { traceId, spanId, parentId };
    if (body === 'row') throw new Error('a row without ids was taken for a span');
    const content = spanText(normalised.identity ?? body, normalised);
    return { ...this.generatedIds.complete(normalised, content), parentId };
  }

  private join(span: number, bytes: Buffer, row: RowAtHand, normalised: NormalisedSpan): Placed {
    const earlier = this.index.location(span);
    const isByPath = this.index.edgeOf(span).origin === 'path';
    const isNamed = normalised.parentId !== undefined && normalised.parentByPath !== true;
    if (isByPath && isNamed) this.index.nameParent(span);
    if (earlier.length === bytes.length && earlier.checksum === crc32(bytes)) return 'duplicate';
    const wasBaseTimed = this.baseTimed.get(span) === 1;
    const isBaseTimed = normalised.baseTimed === true;
    const earlierSpan = told(this.planned(span), wasBaseTimed && !isBaseTimed);
    const laterSpan = told(parseSpan(bytes), isBaseTimed && !wasBaseTimed);
    if (isByPath && isNamed) takeParent(earlierSpan, laterSpan);
    else if (!isByPath && !isNamed) takeParent(laterSpan, earlierSpan);
    if (
      earlierSpan.trace_unique_id !== laterSpan.trace_unique_id ||
      earlierSpan.span_unique_id !== laterSpan.span_unique_id
    ) {
      throw new Error(`two ids share a hash: ${earlierSpan.span_unique_id} and ${laterSpan.span_unique_id}`);
    }
    const merged = mergeSpans(earlierSpan, laterSpan);
    if (merged.kind === 'same') return 'duplicate';
    const isGrown = normalised.grows === true || merged.kind === 'complementary';
    if (this.strict && !isGrown) return { problem: contradiction };
    const problem = this.replace(span, merged.span, row, normalised);
    if (problem !== undefined) return { problem };
    if (!isBaseTimed) this.baseTimed.set(span, 0);
    return isGrown ? 'merged' : 'conflicting';
  }

  /** Where the merged span is too large, the earlier one stays and the row is rejected. */
  private replace(span: number, merged: Span, row: RowAtHand, later: NormalisedSpan): Problem | undefined {
    const bytes = encodeWhole(merged);
    const problem = checkSpanSize(bytes.length);
    if (problem !== undefined) return problem;
    const parentId = merged.span_parent_id ?? undefined;
    const trace = this.index.traceOf(span);
    const place = this.bodies.placeOf(this.index, span);
    this.index.define(
      span,
      {
        parent: parentId === undefined ? noSpan : this.index.internSpan(trace, parentId),
        parentIsTraceId: parentId === merged.trace_unique_id,
        start: microsOf(merged['start_time']),
        end: microsOf(merged['timestamp']),
        line: row.line,
        label: mergedLabel(merged, this.index.labelOf(span), later.label),
        parentByPath: this.isByPath(span, later),
      },
      this.bodies.spoolBody(place, bytes),
    );
    return undefined;
  }

  /** Whether the parent of a span of two rows follows from a path alone. */
  private isByPath(span: number, later: NormalisedSpan): boolean {
    const hadParent = this.index.parentOf(span) !== noSpan;
    return hadParent ? this.index.edgeOf(span).origin === 'path' : later.parentByPath === true;
  }
}

function told(span: Span, isBaseTimed: boolean): Span {
  return isBaseTimed ? withoutBaseTime(span) : span;
}

/** A parent that a row names outweighs one that follows from a path, whichever row comes last. */
function takeParent(byPath: Span, named: Span): void {
  const parent = named.span_parent_id ?? undefined;
  if (parent !== undefined && typeof byPath.span_parent_id === 'string') byPath.span_parent_id = parent;
}

const contradiction: Problem = {
  code: 'conflicting_span',
  message: 'the row contradicts an earlier row of the same span',
  hint: 'mend one of both rows, or import without --strict: the later row wins then',
};

function mergedLabel(merged: Span, earlier: number, later: number): number {
  return labelOf(merged, {
    namesParent: namesParent(earlier) || namesParent(later),
    typedAsRoot: merged['log_type'] === logTypeOfRoot && (isTypedAsRoot(earlier) || isTypedAsRoot(later)),
  });
}

function microsOf(time: unknown): number {
  return typeof time === 'string' ? readRfc3339(time) : Number.NaN;
}
