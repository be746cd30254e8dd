import { isObject } from '../../span/text.js';
import type { Evidence, Recogniser } from '../source.js';

interface Trace {
  spans: readonly unknown[];
  processes: Record<string, unknown>;
  /** What the trace says beside its spans. */
  rest: Record<string, unknown>;
}

function isTrace(row: unknown): row is Record<string, unknown> {
  return isObject(row) && Array.isArray(row['spans']) && ('processes' in row || 'traceID' in row);
}

export function isSpan(row: unknown): row is Record<string, unknown> {
  return isObject(row) && 'traceID' in row && 'spanID' in row;
}

/** A row is an answer of the query API (`data` lists traces), a trace, or a span as the storage holds it. */
export function tracesOf(row: unknown): Trace[] | undefined {
  if (isSpan(row)) return [{ spans: [row], processes: {}, rest: {} }];
  if (isTrace(row)) return [readTrace(row)];
  const list = isObject(row) ? row['data'] : row;
  if (!Array.isArray(list)) return undefined;
  const traces: Trace[] = [];
  for (const item of list) {
    if (isSpan(item)) traces.push({ spans: [item], processes: {}, rest: {} });
    else if (isTrace(item)) traces.push(readTrace(item));
    else return undefined;
  }
  return traces;
}

function readTrace(row: Record<string, unknown>): Trace {
  const { spans, processes, traceID: _, ...rest } = row;
  return {
    spans: Array.isArray(spans) ? spans : [],
    processes: isObject(processes) ? processes : {},
    rest,
  };
}

function isJaeger(row: unknown): boolean {
  const traces = tracesOf(row);
  const spans = traces?.flatMap((trace) => trace.spans) ?? [];
  return (
    spans.length > 0 &&
    spans.every((span) => isSpan(span) && ('operationName' in span || 'startTime' in span))
  );
}

function detect(sample: readonly unknown[]): Evidence {
  const agreeing = sample.filter(isJaeger).length;
  return {
    agreeing,
    because: 'traceID and spanID (capital ID) with operationName, in traces with processes',
  };
}

export const recogniser: Recogniser = {
  name: 'jaeger',
  title: 'Jaeger JSON',
  checked: 'schema',
  recognisedBy: '`traceID` beside `spans` and `processes`',
  detect,
};
