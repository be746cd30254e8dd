import type { InputFile } from '../input/input-file.js';
import type { Problem, Warning } from '../input/row.js';
import { normaliseNative, repairNative } from '../span/native.js';
import { normaliseDraft } from '../span/normalise.js';
import type { Normalised, NormalisedSpan } from '../span/normalised.js';
import type { NormaliseOptions } from '../span/options.js';
import { protect, type PrivacyRules } from '../span/privacy.js';
import type { MapContext, Source } from '../sources/source.js';
import { groupByFlag, traceByValue } from '../sources/trace-by.js';
import { readId } from '../span/ids.js';
import type { SpanDraft } from '../span/span.js';
import { isObject } from '../span/text.js';

/** What one row became, before ids and places. */
export interface MappedRow {
  spans: NormalisedSpan[];
  warnings: Warning[];
  /** What flags did to the row, as they were told to. */
  notes: Warning[];
  /** Set where the row, or one of its spans, cannot be imported; the good spans of such a row still go. */
  problem: Problem | undefined;
  /** Set where the row was recognised as something that is no span. */
  skipped: string | undefined;
}

/** A parsed row and what a source may want to know beside it. */
export interface RowToMap {
  value: unknown;
  line: number;
  text: () => string;
  /** Whether an escape in the row may write half of a character; looked up in its text or its strings where undefined. */
  surrogateEscapes: boolean | undefined;
}

/** Source and normalising in one step, for one input: a parsed row in, valid spans out. */
export class RowMapper {
  private readonly memory = new Map<string, unknown>();
  private readonly isRecord: boolean;

  constructor(
    private readonly source: Source,
    private readonly normalise: NormaliseOptions,
    private readonly traceBy: string | undefined,
    private readonly input: Pick<InputFile, 'name' | 'format'>,
    private readonly privacy?: PrivacyRules,
  ) {
    this.isRecord = input.format === 'csv' || input.format === 'tsv';
  }

  map(row: RowToMap): MappedRow {
    const mapped = this.mapOpenly(row);
    const { privacy } = this;
    if (privacy === undefined) return mapped;
    const notes: Warning[] = [];
    const spans = mapped.spans.map((span) => {
      const identity = span.body === 'row' ? this.fieldsOf(row) : span.body;
      const { fields: body, notes: told } = protect(identity, privacy);
      if (body === identity) return span;
      notes.push(...told);
      return { ...span, body, identity };
    });
    return { ...mapped, spans, notes };
  }

  /** The fields of a row that passes byte for byte, numbers beyond 2^53 by their digits. */
  private fieldsOf({ value, text }: RowToMap): Record<string, unknown> {
    const fields: Record<string, unknown> = isObject(value) ? value : {};
    const repaired = repairNative(fields, this.normalise, text, false);
    return repaired.kind === 'span' && repaired.span.body !== 'row' ? repaired.span.body : fields;
  }

  private mapOpenly(row: RowToMap): MappedRow {
    const context: MapContext = {
      traceBy: this.traceBy,
      // A first cell that begins with a brace must not make a record look like JSON.
      text: this.isRecord ? noJson : row.text,
      isRecord: this.isRecord,
      inputName: this.input.name,
      line: row.line,
      memory: this.memory,
    };
    const mapped = this.source.map(row.value, context);
    switch (mapped.kind) {
      case 'native': {
        const native = normaliseNative(mapped.row, this.normalise, row.text, row.surrogateEscapes);
        return collect([grouped(native, mapped.row, context)]);
      }
      case 'drafts': {
        this.group(mapped.drafts, row.value, context);
        const isWellFormed = row.surrogateEscapes === false && this.source.keepsTexts === true;
        return collect(mapped.drafts.map((draft) => normaliseDraft(draft, this.normalise, isWellFormed)));
      }
      case 'skip':
        return { ...nothing, skipped: mapped.reason };
      case 'reject':
        return { ...nothing, problem: mapped.problem };
    }
  }

  /** A source that remembers rows puts what belongs together into one trace itself. */
  private group(drafts: readonly SpanDraft[], row: unknown, context: MapContext): void {
    if (this.traceBy === undefined || this.source.remembers === true || !isObject(row)) return;
    for (const draft of drafts) groupByFlag(draft, row, context);
  }
}

/** A span in the target's own shape without a trace id joins the trace that `--trace-by` says. */
function grouped(native: Normalised, row: Record<string, unknown>, context: MapContext): Normalised {
  if (context.traceBy === undefined || native.kind === 'reject' || native.span.traceId !== undefined)
    return native;
  const read = readId(traceByValue(row, context));
  return 'reason' in read
    ? native
    : { ...native, span: { ...native.span, traceId: read.id, traceOrigin: 'grouped' } };
}

const noJson = (): string => '';

const nothing: MappedRow = { spans: [], warnings: [], notes: [], problem: undefined, skipped: undefined };

function collect(results: readonly Normalised[]): MappedRow {
  const row: MappedRow = { ...nothing, spans: [], warnings: [] };
  for (const result of results) {
    if (result.kind === 'reject') row.problem ??= result.problem;
    else {
      row.spans.push(result.span);
      row.warnings.push(...result.warnings);
    }
  }
  return row;
}
