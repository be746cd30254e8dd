import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { defaultNormaliseOptions } from '../../src/default-options.js';
import { defaultInputOptions } from '../../src/input/input-file.js';
import { openInputs } from '../../src/input/open-inputs.js';
import { RowMapper } from '../../src/plan/row-mapper.js';
import { generateSpanId, generateTraceId } from '../../src/span/ids.js';
import { encodeSpan, spanText } from '../../src/span/encode.js';
import { mergeSpans } from '../../src/span/merge.js';
import type { NormalisedSpan } from '../../src/span/normalised.js';
import type { Span } from '../../src/span/span.js';
import type { Source } from '../../src/sources/source.js';

export const samplesFolder = fileURLToPath(new URL('../../../shared/samples/', import.meta.url));

/** For `test.skipIf`: real exports are no part of the project. */
export const samplesAreMissing = !existsSync(samplesFolder);

const options = defaultNormaliseOptions(Date.UTC(2026, 10, 20) * 1000);

export interface ImportedSample {
  spans: Span[];
  rows: number;
  skipped: Record<string, number>;
  /** Codes of rows that were rejected, in order. */
  rejected: string[];
  warnings: Record<string, number>;
  traces: number;
  roots: number;
  /** Spans whose parent is not among the spans of their trace. */
  orphans: number;
}

/** Maps all rows of files with one source and merges them by their ids, as a plan does. */
export async function importWith(source: Source, ...files: string[]): Promise<ImportedSample> {
  const inputs = await openInputs(files, defaultInputOptions, () => process.stdin);
  const spans = new Map<string, Span>();
  const result: ImportedSample = {
    spans: [],
    rows: 0,
    skipped: {},
    rejected: [],
    warnings: {},
    traces: 0,
    roots: 0,
    orphans: 0,
  };
  for (const input of inputs) {
    const mapper = new RowMapper(source, options, undefined, input);
    for await (const batch of input.rows()) {
      for (const row of batch.rows) {
        result.rows += 1;
        if (row.problem !== undefined) {
          result.rejected.push(row.problem.code);
          continue;
        }
        const text = (): string => batch.block.toString('utf8', row.start, row.end);
        const mapped = mapper.map({ value: row.value, line: row.line, text, surrogateEscapes: undefined });
        if (mapped.skipped !== undefined) count(result.skipped, mapped.skipped);
        if (mapped.problem !== undefined) result.rejected.push(mapped.problem.code);
        for (const warning of mapped.warnings) count(result.warnings, warning.code);
        for (const normalised of mapped.spans) join(spans, normalised, row.value);
      }
    }
  }
  result.spans = [...spans.values()];
  result.traces = new Set(result.spans.map((span) => span.trace_unique_id)).size;
  result.roots = result.spans.filter((span) => (span.span_parent_id ?? null) === null).length;
  result.orphans = result.spans.filter(
    (span) => (span.span_parent_id ?? null) !== null && !spans.has(keyOf(span, span.span_parent_id!)),
  ).length;
  return result;
}

function join(spans: Map<string, Span>, normalised: NormalisedSpan, value: unknown): void {
  const { body, parentId } = normalised;
  const fields = body === 'row' ? Object(value) : body;
  const text = spanText(fields, normalised);
  let traceId = normalised.traceId;
  for (let ordinal = 0; traceId === undefined; ordinal++) {
    const generated = generateTraceId(text, ordinal);
    if (![...spans.values()].some((span) => span.trace_unique_id === generated)) traceId = generated;
  }
  let spanId = normalised.spanId;
  for (let ordinal = 0; spanId === undefined; ordinal++) {
    const generated = generateSpanId(traceId, text, ordinal);
    if (!spans.has(`${traceId}\n${generated}`)) spanId = generated;
  }
  const span: Span = JSON.parse(encodeSpan(fields, { traceId, spanId, parentId }).toString());
  const key = keyOf(span, span.span_unique_id);
  const earlier = spans.get(key);
  spans.set(key, earlier === undefined ? span : mergeSpans(earlier, span).span);
}

function keyOf(span: Span, spanId: string): string {
  return `${span.trace_unique_id}\n${spanId}`;
}

function count(counts: Record<string, number>, code: string): void {
  counts[code] = (counts[code] ?? 0) + 1;
}
