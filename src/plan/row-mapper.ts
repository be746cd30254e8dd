import type { Problem, RowFormat, Warning } from '../input/row.js';
import { normaliseNative } from '../span/native.js';
import { normaliseDraft } from '../span/normalise.js';
import type { Normalised, NormalisedSpan } from '../span/normalised.js';
import type { NormaliseOptions } from '../span/options.js';
import type { Source } from '../sources/source.js';

/** What one row became, before ids and places. */
export interface MappedRow {
  spans: NormalisedSpan[];
  warnings: Warning[];
  /** Set where the row, or one of its spans, cannot be imported; the good spans of such a row still go. */
  problem: Problem | undefined;
  /** Set where the row was recognised as something that is no span. */
  skipped: string | undefined;
}

/** Source and normalising in one step: a parsed row in, valid spans out. */
export class RowMapper {
  constructor(
    private readonly source: Source,
    private readonly normalise: NormaliseOptions,
    private readonly traceBy: string | undefined,
    private readonly format: RowFormat,
  ) {}

  /** `surrogateEscapes`: whether the row's JSON may hold `\\ud` escapes; looked up in the text where undefined. */
  map(value: unknown, text: () => string, surrogateEscapes?: boolean): MappedRow {
    const mapped = this.source.map(value, {
      traceBy: this.traceBy,
      text: isTable(this.format) ? noJson : text,
    });
    switch (mapped.kind) {
      case 'native':
        return collect([normaliseNative(mapped.row, this.normalise, text, surrogateEscapes)]);
      case 'drafts':
        return collect(mapped.drafts.map((draft) => normaliseDraft(draft, this.normalise)));
      case 'skip':
        return { ...nothing, skipped: mapped.reason };
      case 'reject':
        return { ...nothing, problem: mapped.problem };
    }
  }
}

/** The text of a CSV record. A first cell that begins with a brace must not make the record look like JSON. */
const noJson = (): string => '';

function isTable(format: RowFormat): boolean {
  return format === 'csv' || format === 'tsv';
}

const nothing: MappedRow = { spans: [], warnings: [], problem: undefined, skipped: undefined };

function collect(results: readonly Normalised[]): MappedRow {
  const row: MappedRow = { spans: [], warnings: [], problem: undefined, skipped: undefined };
  for (const result of results) {
    if (result.kind === 'reject') row.problem ??= result.problem;
    else {
      row.spans.push(result.span);
      row.warnings.push(...result.warnings);
    }
  }
  return row;
}
