import { isObject } from '../../span/text.js';
import type { Evidence, Recogniser } from '../source.js';

/** Langfuse encodes texts once or twice: in cells of batch exports, and as input and output of traces. */
export function decodeText(value: unknown): unknown {
  let text = value;
  for (let level = 0; level < 3; level += 1) {
    if (typeof text !== 'string' || !text.startsWith('"') || !text.endsWith('"')) return text;
    try {
      const inner: unknown = JSON.parse(text);
      if (typeof inner !== 'string') return text;
      text = inner;
    } catch {
      return text;
    }
  }
  return text;
}

/** Whether an object is an observation and no trace or score. */
export function isObservation(row: unknown): row is Record<string, unknown> {
  if (!isObject(row)) return false;
  if (!('traceId' in row || 'trace_id' in row)) return false;
  const hasParent = 'parentObservationId' in row || 'parent_observation_id' in row;
  const hasKind = typeof row['type'] === 'string' && observationTypes.has(String(decodeText(row['type'])));
  return hasParent || (hasKind && 'id' in row && ('startTime' in row || 'start_time' in row));
}

const observationTypes = new Set([
  'SPAN',
  'GENERATION',
  'EVENT',
  'AGENT',
  'TOOL',
  'CHAIN',
  'RETRIEVER',
  'EMBEDDING',
  'EVALUATOR',
  'GUARDRAIL',
]);

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

/** A session as its page and the API hand it out: `{id, projectId, traces: […]}`, the traces without observations. */
export function tracesOfSession(row: Row): Row[] | undefined {
  const { id, traces } = row;
  if (typeof id !== 'string' || !Array.isArray(traces) || traces.length === 0) return undefined;
  if (!('projectId' in row || 'users' in row)) return undefined;
  const found = traces.filter(isObject).filter((each) => 'id' in each && 'timestamp' in each);
  return found.length === traces.length ? found : undefined;
}

/** Scores are exported beside traces and observations; they are judgements and no spans. */
export function isScore(row: Row): boolean {
  const isOfTrace = 'traceId' in row || 'trace_id' in row;
  return isOfTrace && ('dataType' in row || 'data_type' in row) && ('value' in row || 'stringValue' in row);
}

export function pageOf(row: Row): unknown[] | undefined {
  const { data } = row;
  return Array.isArray(data) && !('id' in row) ? data : undefined;
}

function isLangfuse(row: unknown): boolean {
  if (!isObject(row)) return false;
  const page = pageOf(row);
  if (page !== undefined) return page.length > 0 && page.every(isLangfuse);
  if (tracesOfSession(row) !== undefined) return true;
  return isDownload(row) || isObservation(row) || isTrace(row) || isScore(row);
}

function detect(sample: readonly unknown[]): Evidence {
  return {
    agreeing: sample.filter(isLangfuse).length,
    because: 'traces with observations, or traceId beside parentObservationId or a type of observation',
  };
}

export const recogniser: Recogniser = {
  name: 'langfuse',
  title: 'Langfuse traces and observations',
  checked: 'verified',
  recognisedBy: '`trace` with `observations`, or `traceId` beside `parentObservationId`; snake case too',
  detect,
};
