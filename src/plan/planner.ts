import type { BodyStore } from '../bodies/body-store.js';
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
import type { Source } from '../sources/source.js';
import { sourceOfInput } from './source-of-input.js';
import type { NormalisedSpan } from '../span/normalised.js';

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

  constructor(
    index: TraceIndex,
    bodies: BodyStore,
    private readonly options: PlanOptions,
    private readonly onEvent: OnEvent,
  ) {
    this.placer = new SpanPlacer(index, bodies, (input, line, bytes) => this.mapAgain(input, line, bytes));
    this.rowsByTrace = options.selection === undefined ? undefined : new RowsByTrace();
  }

  /** Decides about the source of an input by a sample of its rows. */
  begin(input: InputFile, sample: readonly unknown[]): void {
    const source = sourceOfInput(input, sample, this.options.source, this.onEvent);
    this.sources.set(input.index, source);
    this.sourceNames[input.index] = source.name;
    const { normalise, traceBy, privacy } = this.options;
    this.mappers.set(input.index, new RowMapper(source, normalise, traceBy, input, privacy));
  }

  add(input: InputFile, batch: RowBatch, passedOver: number): void {
    this.counts.passedOver += passedOver;
    this.counts.read += batch.rows.length;
    this.counts.byInput[input.index] = (this.counts.byInput[input.index] ?? 0) + batch.rows.length;
    for (const warning of batch.warnings) {
      this.warn(warning, { input, line: warning.line ?? 0, offset: 0 });
    }
    const surrogateEscapes = hasSurrogateEscape(bytesOf(batch));
    for (const row of batch.rows) {
      if (row.problem === undefined) this.addRow(input, batch, row, surrogateEscapes);
      else this.reject(input, batch, row, row.problem);
    }
  }

  warn(warning: Warning, place: Place | undefined): void {
    count(this.counts.warnings, warning.code);
    this.onEvent({ kind: 'warning', warning, place });
  }

  private addRow(input: InputFile, batch: RowBatch, row: Row, surrogateEscapes: boolean): void {
    const { block } = batch;
    const mapper = this.mapperOf(input, batch.rows);
    const mapped = mapper.map({
      value: row.value,
      line: row.line,
      text: () => block.toString('utf8', row.start, row.end),
      surrogateEscapes,
    });
    for (const warning of mapped.warnings) this.warn(warning, { input, line: row.line, offset: row.offset });
    if (mapped.skipped !== undefined) {
      count(this.counts.skippedByReason, mapped.skipped);
      return;
    }
    const problem = this.placeAll(input, batch, row, mapped);
    if (problem !== undefined) this.reject(input, batch, row, problem);
    else this.counts.used += 1;
  }

  private placeAll(input: InputFile, batch: RowBatch, row: Row, mapped: MappedRow): Problem | undefined {
    const atHand: RowAtHand = {
      input,
      line: row.line,
      offset: row.offset,
      length: row.end - row.start,
      standsAlone: this.sources.get(input.index)?.remembers !== true,
      bytes: batch.block.subarray(row.start, row.end),
    };
    let problem: Problem | undefined;
    const placements = new Set<Placed>();
    const spans = this.rowsByTrace === undefined ? undefined : new Set<number>();
    for (const span of mapped.spans) {
      const placed = this.placer.place(span, atHand);
      if (typeof placed === 'object') problem ??= placed.problem;
      else placements.add(placed);
      spans?.add(this.placer.span);
    }
    problem ??= mapped.problem;
    if (problem !== undefined) return problem;
    const fate = fateOf(placements);
    this.countFate(fate, atHand);
    if (spans !== undefined) this.rowsByTrace?.add(spans, fate);
    return undefined;
  }

  private countFate(fate: RowFate, row: RowAtHand): void {
    if (fate === 'new') return;
    this.counts[fate] += 1;
    if (fate !== 'conflicting') return;
    const message = 'contradicts an earlier row of the same span; the later row wins';
    this.warn({ code: 'conflicting_span', message }, row);
  }

  private reject(input: InputFile, batch: RowBatch, row: Row, problem: Problem): void {
    this.counts.rejected += 1;
    count(this.counts.rejectedByCode, problem.code);
    this.onEvent({
      kind: 'row-rejected',
      place: { input, line: row.line, offset: row.offset },
      bytes: batch.block.subarray(row.start, row.end),
      problem,
    });
  }

  private mapperOf(input: InputFile, rows: readonly Row[]): RowMapper {
    // Where the sample held no readable row, the first one that comes decides.
    if (!this.mappers.has(input.index)) {
      this.begin(
        input,
        rows.filter(({ problem }) => problem === undefined).map(({ value }) => value),
      );
    }
    return this.mappers.get(input.index)!;
  }

  private mapAgain(input: InputFile, line: number, bytes: Buffer): NormalisedSpan[] {
    const mapper = this.mappers.get(input.index);
    if (mapper === undefined) throw new Error(`${input.name} was not mapped before`);
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

/** From the first row to the last: what lies beyond is of another batch. */
function bytesOf({ block, rows }: RowBatch): Buffer {
  return block.subarray(rows[0]?.start ?? 0, rows.at(-1)?.end ?? 0);
}
