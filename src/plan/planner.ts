import { crc32 } from 'node:zlib';

import type { BodyStore } from '../bodies/body-store.js';
import type { RowDigest } from '../digest/row-digests.js';
import type { InputFile } from '../input/input-file.js';
import type { Problem, Row, RowBatch, Warning } from '../input/row.js';
import type { PlanOptions } from '../options.js';
import type { OnEvent, Place } from '../report/events.js';
import { hasSurrogateEscape } from '../span/text.js';
import type { TraceIndex } from '../trace/trace-index.js';
import { SpanPlacer, type Placed, type RowAtHand } from './place-span.js';
import { count, noRows, type PlanCounts } from './plan-counts.js';
import { RowMapper, type MappedRow } from './row-mapper.js';
import { RowsByTrace, type RowFate } from './rows-by-trace.js';
import { RowsOfSpans, type RowToReject } from './rows-of-spans.js';
import type { Source } from '../sources/source.js';
import { sourceOfInput } from './source-of-input.js';
import { WrittenStrings } from '../span/written-strings.js';
import { problemOf, type NormalisedSpan } from '../span/normalised.js';

/** Takes rows, batch by batch, and books what became of each. */
export class Planner {
  readonly counts: PlanCounts = noRows();
  /** Names of the sources, by input position. */
  readonly sourceNames: (string | undefined)[] = [];
  private readonly sources = new Map<number, Source>();
  private readonly mappers = new Map<number, RowMapper>();
  readonly placer: SpanPlacer;
  /** Kept only where whole traces may be left out later. */
  readonly rowsByTrace: RowsByTrace | undefined;
  /** Kept only where spans may be rejected later. */
  readonly rowsOfSpans: RowsOfSpans | undefined;
  private readonly strict: boolean;
  private readonly written = new WrittenStrings();

  constructor(
    index: TraceIndex,
    bodies: BodyStore,
    private readonly options: PlanOptions,
    private readonly onEvent: OnEvent,
  ) {
    this.strict = options.normalise.strict;
    this.placer = new SpanPlacer(index, bodies, this.strict, (input, line, bytes) =>
      this.mapAgain(input, line, bytes),
    );
    this.rowsByTrace = options.selection === undefined ? undefined : new RowsByTrace();
    const mayReject = this.strict || options.orphans === 'reject' || options.checkTrace !== undefined;
    this.rowsOfSpans = mayReject ? new RowsOfSpans(bodies) : undefined;
  }

  /** Decides about the source of an input by a sample of its rows. */
  async begin(input: InputFile, sample: readonly unknown[]): Promise<void> {
    const source = await sourceOfInput(input, sample, this.options.source, this.onEvent);
    this.sources.set(input.index, source);
    this.sourceNames[input.index] = source.name;
    const { normalise, traceBy, privacy } = this.options;
    this.mappers.set(input.index, new RowMapper(source, normalise, traceBy, input, privacy));
  }

  /** True once the source of an input is decided. */
  knows(input: InputFile): boolean {
    return this.mappers.has(input.index);
  }

  add(input: InputFile, batch: RowBatch, passedOver: number): void {
    this.counts.passedOver += passedOver;
    this.countRead(input, batch.rows.length);
    const complaints = this.complaints(input, batch);
    // Mapped rows have their strings looked at one by one, digested ones have been looked at.
    const isNative = this.sources.get(input.index)?.isNative === true;
    const isSeen = batch.rows.every(({ digest }) => digest !== undefined);
    const surrogateEscapes = isNative ? !isSeen && hasSurrogateEscape(bytesOf(batch)) : undefined;
    for (const row of batch.rows) {
      const problem = row.problem ?? complaints?.get(row.offset);
      if (problem !== undefined)
        this.reject(placeOf(input, row), batch.block.subarray(row.start, row.end), problem);
      else if (!this.addDigested(input, batch, row)) this.addRow(input, batch, row, surrogateEscapes);
    }
  }

  warn(warning: Warning, place: Place | undefined): void {
    count(this.counts.warnings, warning.code);
    this.onEvent({ kind: 'warning', warning, place });
  }

  note(note: Warning, place: Place | undefined): void {
    count(this.counts.notes, note.code);
    this.onEvent({ kind: 'note', note, place });
  }

  /** A row that was booked as used has to be rejected after all. */
  rejectUsed({ fate, bytes, problem, ...place }: RowToReject): void {
    this.counts.used -= 1;
    if (fate !== 'new') this.counts[fate] -= 1;
    this.reject(place, bytes, problem);
  }

  /** A span whose row is rejected and cannot be told itself. */
  tellRejected(place: Place, body: Buffer): void {
    this.onEvent({ kind: 'span-rejected', place, body });
  }

  /** Tells the warnings of the framing; those that name a row are its problem under `--strict`. */
  private complaints(input: InputFile, batch: RowBatch): Map<number, Problem> | undefined {
    if (batch.warnings.length === 0) return undefined;
    const complaints = new Map<number, Problem>();
    for (const warning of batch.warnings) {
      const { line = 0, offset } = warning;
      if (this.strict && offset !== undefined) complaints.set(offset, problemOf(warning));
      else this.warn(warning, { input, line, offset: offset ?? 0 });
    }
    return complaints;
  }

  private addRow(input: InputFile, batch: RowBatch, row: Row, surrogateEscapes: boolean | undefined): void {
    const bytes = batch.block.subarray(row.start, row.end);
    this.written.begin(bytes, row.value);
    const mapped = this.mapperOf(input).map({
      value: row.value,
      line: row.line,
      text: () => bytes.toString(),
      surrogateEscapes: surrogateEscapes ?? this.mayHoldHalves(input, bytes),
    });
    const place = placeOf(input, row);
    for (const warning of mapped.warnings) this.warn(warning, place);
    for (const note of mapped.notes) this.note(note, place);
    if (mapped.skipped !== undefined) {
      count(this.counts.skippedByReason, mapped.skipped);
      return;
    }
    const problem = this.placeAll(input, bytes, row, mapped);
    if (problem !== undefined) this.reject(place, bytes, problem);
    else this.counts.used += 1;
  }

  /** See `RowToMap.surrogateEscapes`; undefined where the answer is of no use. */
  private mayHoldHalves(input: InputFile, row: Buffer): boolean | undefined {
    if (this.sources.get(input.index)?.keepsTexts !== true) return undefined;
    return isTable(input) ? row.includes('\\u') : this.written.mayHoldHalves();
  }

  private placeAll(input: InputFile, bytes: Buffer, row: Row, mapped: MappedRow): Problem | undefined {
    const atHand: RowAtHand = {
      input,
      line: row.line,
      offset: row.offset,
      length: row.end - row.start,
      standsAlone: this.sources.get(input.index)?.remembers !== true,
      bytes,
      written: isTable(input) ? undefined : this.written,
    };
    let problem: Problem | undefined;
    const placements = new Set<Placed>();
    const spans: number[] = [];
    for (const span of mapped.spans) {
      const placed = this.placer.place(span, atHand);
      if (typeof placed === 'object') problem ??= placed.problem;
      else {
        placements.add(placed);
        spans.push(this.placer.span);
      }
    }
    problem ??= mapped.problem;
    const fate = fateOf(placements);
    this.rowsOfSpans?.add(
      { ...atHand, checksum: crc32(atHand.bytes) },
      spans,
      problem === undefined ? fate : 'rejected',
    );
    if (problem !== undefined) return problem;
    this.countFate(fate, atHand);
    this.rowsByTrace?.add(new Set(spans), fate);
    return undefined;
  }

  /**
   * Takes a row that was read and checked elsewhere. False where it has to come whole: another row gave the span.
   */
  addDigest(input: InputFile, digest: Readonly<RowDigest>, line: number): boolean {
    const fate = this.placer.placeDigest(digest, line);
    if (fate === undefined) return false;
    this.countRead(input, 1);
    this.bookDigest(digest, line, fate);
    return true;
  }

  private bookDigest(digest: Readonly<RowDigest>, line: number, fate: 'new' | 'duplicate'): void {
    this.counts.used += 1;
    if (fate !== 'new') this.counts[fate] += 1;
    const { span } = this.placer;
    this.rowsOfSpans?.add({ ...digest, line }, [span], fate);
    this.rowsByTrace?.add(new Set([span]), fate);
  }

  /** False where the row was not digested; where another row gave its span, it has its value after all. */
  private addDigested(input: InputFile, { block }: RowBatch, row: Row): boolean {
    const { digest } = row;
    if (digest === undefined) return false;
    digest.offset = row.offset;
    digest.line = row.line;
    const bytes = block.subarray(row.start, row.end);
    const fate = this.placer.placeDigest(digest, row.line, input.rereadable ? undefined : { input, bytes });
    if (fate === undefined) row.value = input.parse(bytes);
    else this.bookDigest(digest, row.line, fate);
    return fate !== undefined;
  }

  /** Whether rows of an input become spans byte for byte, as far as nothing in them has to be mended. */
  takesDigests(input: InputFile): boolean {
    const { normalise, privacy } = this.options;
    const isNative = this.sources.get(input.index)?.isNative === true;
    return isNative && normalise.set.length === 0 && privacy === undefined;
  }

  private countRead(input: InputFile, rows: number): void {
    this.counts.read += rows;
    this.counts.byInput[input.index] = (this.counts.byInput[input.index] ?? 0) + rows;
  }

  private countFate(fate: RowFate, row: RowAtHand): void {
    if (fate === 'new') return;
    this.counts[fate] += 1;
    if (fate !== 'conflicting') return;
    const message = 'contradicts an earlier row of the same span; the later row wins';
    this.warn({ code: 'conflicting_span', message }, row);
  }

  private reject(place: Place, bytes: Buffer | undefined, problem: Problem): void {
    this.counts.rejected += 1;
    count(this.counts.rejectedByCode, problem.code);
    this.onEvent({ kind: 'row-rejected', place, bytes, problem });
  }

  private mapperOf(input: InputFile): RowMapper {
    const mapper = this.mappers.get(input.index);
    if (mapper === undefined) throw new Error(`the source of ${input.name} was not decided`);
    return mapper;
  }

  private mapAgain(input: InputFile, line: number, bytes: Buffer): NormalisedSpan[] {
    const mapper = this.mapperOf(input);
    let value: unknown;
    try {
      value = input.parse(bytes);
    } catch {
      // What was read once and cannot be read now has changed: it gives no span.
      return [];
    }
    return mapper.map({ value, line, text: () => bytes.toString(), surrogateEscapes: undefined }).spans;
  }
}

/** A row counts once, by the most telling thing that happened to its spans. */
function fateOf(placements: ReadonlySet<Placed>): RowFate {
  if (placements.has('conflicting')) return 'conflicting';
  if (placements.has('merged')) return 'merged';
  return placements.has('duplicate') && !placements.has('new') ? 'duplicate' : 'new';
}

function placeOf(input: InputFile, { line, offset }: Row): Place {
  return { input, line, offset };
}

function isTable({ format }: InputFile): boolean {
  return format === 'csv' || format === 'tsv';
}

/** From the first row to the last: what lies beyond is of another batch. */
function bytesOf({ block, rows }: RowBatch): Buffer {
  return block.subarray(rows[0]?.start ?? 0, rows.at(-1)?.end ?? 0);
}
