import { define } from '../span/define.js';
import { isObject } from '../span/text.js';
import { readJson } from './field-taker.js';
import { mapObservation } from './langfuse-observation.js';
import { mapTrace, mapTraceAlone } from './langfuse-trace.js';
import { isNothing } from './row-fields.js';
import { notAnObject } from './not-an-object.js';
import { isObservation, isScore, pageOf, recogniser, tracesOfSession } from './recognisers/langfuse.js';
import type { MapContext, Mapped, Source } from './source.js';
import { together, wrongType } from './unmappable.js';

type Row = Record<string, unknown>;

function traceWith(trace: Row, observations: unknown, field: string, isRecord: boolean): Mapped {
  const list = readJson(observations);
  if (list === undefined || list === null || list === '') {
    return { kind: 'drafts', drafts: isRecord ? [mapTraceAlone(trace, true)] : mapTrace(trace, []) };
  }
  if (!Array.isArray(list)) return wrongType(field, observations, 'a list of observations');
  // Lists of the API name the ids of observations only.
  const ids = list.length > 0 && list.every((each) => typeof each === 'string');
  if (ids) return { kind: 'drafts', drafts: [mapTraceAlone(trace, isRecord)] };
  const broken = list.find((each) => !isObject(each));
  if (broken !== undefined) return wrongType(field, broken, 'an observation');
  return { kind: 'drafts', drafts: mapTrace(trace, list.filter(isObject)) };
}

function ofSession(session: Row, traces: readonly Row[], context: MapContext): Mapped {
  const { id: sessionId, traces: _traces, ...rest } = session;
  const mapped = together(traces.map((each) => map({ sessionId, ...each }, context)));
  const [first] = mapped.kind === 'drafts' ? mapped.drafts : [];
  for (const [name, value] of Object.entries(rest)) {
    if (first !== undefined && !isNothing(value)) define(first.metadata, `session.${name}`, value);
  }
  return mapped;
}

function map(row: unknown, context: MapContext): Mapped {
  if (!isObject(row)) return notAnObject(row, 'a trace or an observation of Langfuse');
  if (Object.keys(row).length === 0) return { kind: 'skip', reason: 'empty_object' };
  const page = pageOf(row);
  if (page !== undefined) return together(page.map((each) => map(each, context)));
  const traces = tracesOfSession(row);
  if (traces !== undefined) return ofSession(row, traces, context);
  const { trace, observations } = row;
  if (isObject(trace) && 'observations' in row) {
    return traceWith(trace, observations, 'observations', context.isRecord);
  }
  if (isScore(row)) return { kind: 'skip', reason: 'score' };
  if (isObservation(row) || 'traceId' in row || 'trace_id' in row) {
    return { kind: 'drafts', drafts: [mapObservation(row, context.isRecord)] };
  }
  if ('id' in row && ('timestamp' in row || 'observations' in row)) {
    return traceWith(row, observations, 'observations', context.isRecord);
  }
  return { kind: 'skip', reason: 'no_observation' };
}

/**
 * Langfuse, in all forms in which it hands out data. From its source code at 62751446:
 *
 * - a trace downloaded as JSON: `{trace, observations}`; a trace of the API with its observations within
 * - the batch export of observations, CSV, JSON or JSONL, also with the columns of version 4
 * - a session downloaded as JSON, which holds its traces without observations: a root span for each of them
 * - the batch export of traces, which has no observations: a root span for each row, whose end is not told
 * - the blob storage export of observations, in snake case; its times are UTC without saying so
 *
 * Times are ISO 8601. `latency` is seconds in blob storage; elsewhere it is seconds or milliseconds, by the version,
 * so that it is not read, but kept unless it is the seconds between start and end. `latencyMs` and `timeToFirstTokenMs` are milliseconds.
 *
 * A trace is no span where it has observations: its name, user and session go to all of them, its other fields to
 * the first root (else the earliest observation), in the metadata under `trace.…` unless they are fields of a span.
 *
 * Dropped: copies of observations within `trace.observations`, which repeat those beside the trace without input and
 * output (what only the copy says is kept); fields of the trace that say the same as its root; token and cost columns
 * that repeat `usageDetails` or `costDetails`, or are 0 where those are empty; empty objects and lists; the quotes of
 * texts that are JSON-encoded once more. Rows of score exports are skipped. Of WARNING and ERROR alike the level
 * stays in the metadata.
 */
export const langfuse: Source = {
  ...recogniser,
  map,
};
