import { define } from '../span/define.js';
import type { SpanDraft } from '../span/span.js';
import { isAbsent, isObject } from '../span/text.js';
import { draftOfRun, traceOf, type RunPlace, type StartedRun } from './langsmith-run.js';
import { badList, isObjectList, missingField, notAnObject } from './not-an-object.js';
import { listsOf, recogniser } from './recognisers/langsmith.js';
import { decoded } from './decoded.js';
import { readContainer } from './python-repr.js';
import { without } from './row-fields.js';
import type { MapContext, Mapped, Source } from './source.js';

function startedRuns(context: MapContext): Map<string, StartedRun> {
  const known = context.memory.get('langsmith.started');
  if (known instanceof Map) return known;
  const started = new Map<string, StartedRun>();
  context.memory.set('langsmith.started', started);
  return started;
}

/** A run and all that nest in it. Without recursion: nesting is as deep as the input says. */
function draftsOfTree(run: Record<string, unknown>, place: RunPlace, text?: () => string): SpanDraft[] {
  const drafts: SpanDraft[] = [];
  const waiting: [Record<string, unknown>, RunPlace][] = [[run, place]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [current, at] = next;
    const draft = draftOfRun(current, at, drafts.length === 0 ? text : undefined);
    drafts.push(draft);
    const children = decoded(current['child_runs']);
    if (!Array.isArray(children)) continue;
    const parent = { trace: traceOf(draft), spanId: draft.spanId };
    for (const child of children.filter(isObject).toReversed()) {
      waiting.push([child, { started: at.started, parent }]);
    }
  }
  return drafts;
}

/** What the SDK's runs hold that pandas writes into cells as Python does. */
const containers = new Set([
  'inputs',
  'outputs',
  'extra',
  'events',
  'tags',
  'serialized',
  'feedback_stats',
  'parent_run_ids',
  'child_run_ids',
  'child_runs',
]);

function readCells(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).map(([name, cell]) => [name, containers.has(name) ? readContainer(cell) : cell]),
  );
}

function map(run: unknown, context: MapContext): Mapped {
  const expected = 'a run of LangSmith';
  if (!isObject(run)) return notAnObject(run, expected);
  if (Object.keys(run).length === 0) return { kind: 'skip', reason: 'empty_object' };
  const row = context.isRecord ? readCells(run) : run;
  const place = { started: startedRuns(context) };
  const lists = listsOf(row);
  if (lists.length === 0) {
    if (isAbsent(row['id']) && isAbsent(row['run_id'])) return missingField('id', expected);
    return { kind: 'drafts', drafts: draftsOfTree(row, place, context.text) };
  }
  const bad = lists.find((name) => !isObjectList(row[name]));
  if (bad !== undefined) return badList(bad, row[bad], expected);
  const runs = lists.flatMap((name) => row[name]).filter(isObject);
  const drafts = runs.flatMap((run) => draftsOfTree(run, place));
  const [first] = drafts;
  if (first === undefined) return { kind: 'skip', reason: 'no_runs' };
  for (const [name, value] of Object.entries(without(row, new Set(lists)) ?? {})) {
    define(first.metadata, Object.hasOwn(first.metadata, name) ? `document.${name}` : name, value);
  }
  return { kind: 'drafts', drafts };
}

/**
 * Runs of LangSmith: REST answers (`{runs: […]}`), dumps of the SDK's `Run` (also nested by `child_runs`), rows of the
 * Parquet bulk export as JSONL or CSV, data frames of runs as CSV (cells in Python's `repr`), and batches that the SDK sent (`{post, patch}`, or one half of a run per row).
 *
 * From `run_data_format.mdx` of langsmith-docs and `schemas.py` of langsmith-sdk bc8dd672. Times without a zone are
 * UTC; costs are decimal texts in US dollars. `session_id` is LangSmith's project, not a conversation: it stays in the
 * metadata. The second half of a run names no trace: it is that of the first half if this stood before it in the same
 * input, else the run's own id, and a run of its own joins the trace of the parent that it names. A parent is named by
 * `parent_run_id`; lists of ancestors, dotted orders and nesting are paths. What the model was named before the call
 * wins over what the answer calls it.
 *
 * Dropped: `events` named `start`, `end` and `new_token`, which repeat the times and, word by word, the answer (the
 * first of them gives the time to the first token); `status`, which becomes the status code 200 or 500; empty containers and spellings of nothing; `api_key` and the like.
 */
export const langsmith: Source = {
  ...recogniser,
  remembers: true,
  map,
};
