import type { BodyStore } from '../bodies/body-store.js';
import type { InputFile } from '../input/input-file.js';
import type { Problem, Row, RowBatch, Warning } from '../input/row.js';
import type { PlanOptions } from '../options.js';
import type { OnEvent, Place } from '../report/events.js';
import { hasSurrogateEscape } from '../span/text.js';
import type { TraceIndex } from '../trace/trace-index.js';
import { SpanPlacer, type Placed, type RowAtHand } from './place-span.js';
import { count, noRows, type PlanCounts } from './plan-counts.js';
import { RowMapper } from './row-mapper.js';
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

  constructor(
    index: TraceIndex,
    bodies: BodyStore,
    private readonly options: PlanOptions,
    private readonly onEvent: OnEvent,
  ) {
    this.placer = new SpanPlacer(index, bodies, (input, line, bytes) => this.mapAgain(input, line, bytes));
  }

  /** Decides about the source of an input by a sample of its rows. */
  begin(input: InputFile, sample: readonly unknown[]): void {
    const source = sourceOfInput(input, sample, this.options.source, this.onEvent);
    this.sources.set(input.index, source);
    this.sourceNames[input.index] = source.name;
    this.mappers.set(input.index, new RowMapper(source, this.options.normalise, this.options.traceBy, input));
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
    const problem = this.placeAll(input, batch, row, mapped.spans) ?? mapped.problem;
    if (problem !== undefined) this.reject(input, batch, row, problem);
    else this.counts.used += 1;
  }

  private placeAll(
    input: InputFile,
    batch: RowBatch,
    row: Row,
    spans: readonly NormalisedSpan[],
  ): Problem | undefined {
    const atHand: RowAtHand = {
      input,
      line: row.line,
      offset: row.offset,
      length: row.end - row.start,
      standsAlone: this.sources.get(input.index)?.remembers !== true,
      bytes: batch.block.subarray(row.start, row.end),
      value: row.value,
    };
    let problem: Problem | undefined;
    const placements = new Set<Placed>();
    for (const span of spans) {
      const placed = this.placer.place(span, atHand);
      if (typeof placed === 'object') problem ??= placed.problem;
      else placements.add(placed);
    }
    if (problem === undefined) this.countJoined(placements, atHand);
    return problem;
  }

  /** A row counts once, by the most telling thing that happened to its spans. */
  private countJoined(placements: ReadonlySet<Placed>, row: RowAtHand): void {
    if (placements.has('conflicting')) {
      this.counts.conflicting += 1;
      const message = 'contradicts an earlier row of the same span; the later row wins';
      this.warn({ code: 'conflicting_span', message }, row);
    } else if (placements.has('merged')) this.counts.merged += 1;
    else if (placements.has('duplicate') && !placements.has('new')) this.counts.duplicate += 1;
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

/** From the first row to the last: what lies beyond is of another batch. */
function bytesOf({ block, rows }: RowBatch): Buffer {
  return block.subarray(rows[0]?.start ?? 0, rows.at(-1)?.end ?? 0);
}
