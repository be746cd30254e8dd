import type { SpanDraft } from '../span/span.js';
import { isObject, shown } from '../span/text.js';
import { sortColumns } from './columns.js';
import { buildGenericDraft } from './generic-draft.js';
import type { Evidence, MapContext, Mapped, Source } from './source.js';
import { durationOf, meaningOf } from './synonyms.js';

function map(row: unknown, context: MapContext): Mapped {
  if (!isObject(row)) {
    const hint = 'Each row must be a JSON object, or a CSV record under a header.';
    return {
      kind: 'reject',
      problem: { code: 'not_an_object', message: `${shown(row)} is not an object`, hint },
    };
  }
  if (Object.keys(row).length === 0) return { kind: 'skip', reason: 'empty_object' };
  const columns = sortColumns(row, context.text);
  const { byMeaning, durations } = columns;
  const recognised = durations.length > 0 || byMeaning.size > (byMeaning.has('metadata') ? 1 : 0);
  const draft: SpanDraft = buildGenericDraft(columns);
  if (!recognised) {
    const message = 'no column has a known name; everything went to metadata';
    draft.warnings = [{ code: 'nothing_recognised', message }];
  }
  return { kind: 'drafts', drafts: [draft] };
}

function hasKnownName(row: unknown): boolean {
  if (!isObject(row)) return false;
  return Object.keys(row).some(
    (name) => durationOf(name) !== undefined || (meaningOf(name)?.meaning ?? 'metadata') !== 'metadata',
  );
}

function detect(sample: readonly unknown[]): Evidence {
  const known = sample.filter(hasKnownName).length;
  if (known * 5 >= sample.length * 4)
    return { agreeing: known, because: 'column names of LLM logs in the rows' };
  return {
    agreeing: sample.filter(isObject).length,
    because: 'the rows are objects; few column names are known',
  };
}

/**
 * Logs of any making, JSONL or CSV, by the names of their columns. A column that names a session, a thread or a
 * conversation does not group rows into a trace: in every vendor's words but two (LiteLLM, Helicone) these hold many
 * traces, and one that lasts for days would be a trace of no use. `--trace-by` does it where it is meant.
 */
export const generic: Source = {
  name: 'generic',
  title: 'Generic LLM logs',
  checked: 'schema',
  recognisedBy:
    'column names of LLM logs, such as `prompt`, `response`, `model`, `latency_ms`; else any object',
  detect,
  map,
};
