import { isObject } from '../span/text.js';
import { readJson } from './field-taker.js';
import { isObservation, mapObservation } from './langfuse-observation.js';
import { mapTrace, mapTraceAlone } from './langfuse-trace.js';
import { notAnObject } from './not-an-object.js';
import type { Evidence, MapContext, Mapped, Source } from './source.js';
import { together, wrongType } from './unmappable.js';

type Row = Record<string, unknown>;

function isDownload(row: Row): boolean {
  return isObject(row['trace']) && 'observations' in row;
}

/** A trace of the API, or a row of the export of traces: fields that only a trace has. */
function isTrace(row: Row): boolean {
  if (!('id' in row) || 'traceId' in row || 'trace_id' in row) return false;
  const { observations } = row;
  const holdsObservations = Array.isArray(observations) && observations.some(isObservation);
  return holdsObservations || ('timestamp' in row && 'bookmarked' in row && 'public' in row);
}

/** Scores are exported beside traces and observations; they are judgements and no spans. */
function isScore(row: Row): boolean {
  const isOfTrace = 'traceId' in row || 'trace_id' in row;
  return isOfTrace && ('dataType' in row || 'data_type' in row) && ('value' in row || 'stringValue' in row);
}

function pageOf(row: Row): unknown[] | undefined {
  const { data } = row;
  return Array.isArray(data) && !('id' in row) ? data : undefined;
}

function isLangfuse(row: unknown): boolean {
  if (!isObject(row)) return false;
  const page = pageOf(row);
  if (page !== undefined) return page.length > 0 && page.every(isLangfuse);
  return isDownload(row) || isObservation(row) || isTrace(row) || isScore(row);
}

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

function map(row: unknown, context: MapContext): Mapped {
  if (!isObject(row)) return notAnObject(row, 'a trace or an observation of Langfuse');
  if (Object.keys(row).length === 0) return { kind: 'skip', reason: 'empty_object' };
  const page = pageOf(row);
  if (page !== undefined) return together(page.map((each) => map(each, context)));
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

function detect(sample: readonly unknown[]): Evidence {
  return {
    agreeing: sample.filter(isLangfuse).length,
    because: 'traces with observations, or traceId beside parentObservationId or a type of observation',
  };
}

/**
 * Langfuse, in all forms in which it hands out data. From its source code at 62751446:
 *
 * - a trace downloaded as JSON: `{trace, observations}`; a trace of the API with its observations within
 * - the batch export of observations, CSV, JSON or JSONL, also with the columns of version 4
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
  name: 'langfuse',
  title: 'Langfuse traces and observations',
  checked: 'verified',
  recognisedBy: '`trace` with `observations`, or `traceId` beside `parentObservationId`; snake case too',
  detect,
  map,
};
