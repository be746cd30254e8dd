import { usageError } from '../errors.js';
import type { InputFile } from '../input/input-file.js';
import { openInputs } from '../input/open-inputs.js';
import type { Problem, Row, RowBatch, Warning } from '../input/row.js';
import type { PlanOptions } from '../options.js';
import { RowMapper } from '../plan/row-mapper.js';
import { withSample } from '../plan/sampled-rows.js';
import { sourceOfInput } from '../plan/source-of-input.js';
import type { ImportEvent } from '../report/events.js';
import { spanText } from '../span/encode.js';
import type { NormalisedSpan } from '../span/normalised.js';
import type { Span } from '../span/span.js';
import type { TargetExplanation } from './explain-adaline.js';
import { fieldFates, type FieldFate } from './field-fates.js';

export type ExplainOptions = Pick<PlanOptions, 'stdin' | 'input' | 'source' | 'traceBy' | 'normalise'>;

/** What the importer makes of one row of a file, and why it takes the file for what it does. */
export interface Explanation {
  /** Version of this document's shape. */
  version: 1;
  file: string;
  format: string;
  compression: string;
  source: string;
  /** Null where the user chose the source. */
  detected: { because: string; agreeing: number; sampled: number; runner_up: string | null } | null;
  /** 1-based, as `--row` counts. */
  row: number;
  line: number;
  offset: number;
  skipped: string | null;
  rejected: Problem | null;
  warnings: readonly Warning[];
  fields: FieldFate[];
  /** As they would be sent; ids that the plan would generate are left out. */
  spans: Span[];
  /** Where another destination was asked for; `fields` then says where they go there. */
  target?: TargetExplanation;
}

/** A row and what it became, for those who tell what another destination makes of that. */
export interface MappedRow {
  file: string;
  value: unknown;
  line: number;
  offset: number;
  spans: readonly Span[];
}

/** Maps the rows up to the wanted one as a plan does, and compares that row with what came out of it. */
export async function explainRow(
  file: string,
  wanted: number,
  options: ExplainOptions,
  explainTarget?: (row: MappedRow) => Promise<TargetExplanation>,
): Promise<Explanation> {
  const [input] = await openInputs([file], options.input, options.stdin);
  let number = 0;
  let mapper: RowMapper | undefined;
  let detection: Extract<ImportEvent, { kind: 'source-detected' }> | undefined;
  let source = '';
  for await (const { batch, sample } of withSample(input!.rows())) {
    if (mapper === undefined) {
      const found = await sourceOfInput(input!, sample ?? [], options.source, (event) => {
        if (event.kind === 'source-detected') detection = event;
      });
      source = found.name;
      mapper = new RowMapper(found, options.normalise, options.traceBy, input!);
    }
    for (const row of batch.rows) {
      number += 1;
      const mapped = mapRow(mapper, batch, row);
      if (number < wanted) continue;
      const spans = mapped.spans.map((span) => asSent(span, row));
      const target = await explainTarget?.({
        file,
        value: row.value,
        line: row.line,
        offset: row.offset,
        spans,
      });
      const fields = row.problem === undefined ? fieldFates(row.value, spans, options.normalise) : [];
      return {
        version: 1,
        file,
        ...describe(input!),
        source,
        detected: detection === undefined ? null : evidenceOf(detection),
        row: number,
        line: row.line,
        offset: row.offset,
        skipped: mapped.skipped ?? null,
        rejected: row.problem ?? mapped.problem ?? null,
        warnings: mapped.warnings,
        fields: target?.fields ?? fields,
        spans,
        ...(target === undefined ? {} : { target }),
      };
    }
  }
  throw usageError('no_such_row', `${file} has ${number} rows, no row ${wanted}`, 'rows are counted from 1');
}

function mapRow(mapper: RowMapper, batch: RowBatch, row: Row): ReturnType<RowMapper['map']> {
  const { problem } = row;
  if (problem !== undefined) return { spans: [], warnings: [], notes: [], problem, skipped: undefined };
  const text = (): string => batch.block.toString('utf8', row.start, row.end);
  return mapper.map({ value: row.value, line: row.line, text, surrogateEscapes: undefined });
}

function asSent(span: NormalisedSpan, row: Row): Span {
  const fields: Record<string, unknown> = span.body === 'row' ? Object(row.value) : span.body;
  const sent: Span = JSON.parse(spanText(fields, span));
  return sent;
}

function describe({ format, compression }: InputFile): { format: string; compression: string } {
  return { format, compression };
}

function evidenceOf(detection: Extract<ImportEvent, { kind: 'source-detected' }>): Explanation['detected'] {
  const { because, agreeing, sampled, runnerUp } = detection;
  return { because, agreeing, sampled, runner_up: runnerUp?.source ?? null };
}
