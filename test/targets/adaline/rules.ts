import type { LogTraceRequest } from '../../../src/targets/adaline/log-trace.js';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isId(id: string): boolean {
  return id.length >= 1 && id.length <= 128;
}

function isFlat(attributes: object): boolean {
  return Object.values(attributes).every((value) => ['string', 'number', 'boolean'].includes(typeof value));
}

const statuses = ['success', 'failure', 'aborted', 'cancelled', 'unknown'];
const types = ['Model', 'Tool', 'Retrieval', 'Embeddings', 'Function', 'Guardrail', 'Other'];

/** The validation rules of Adaline's "Create Log Span" and "Create Log Trace" pages that a request breaks. */
export function brokenRules({ trace, spans }: LogTraceRequest): string[] {
  const broken: string[] = [];
  const must = (holds: boolean, rule: string): void => {
    if (!holds) broken.push(rule);
  };
  if (trace === undefined) {
    must(spans.length === 0, 'spans without a trace');
    return broken;
  }
  const ids = new Set<string>();
  must(isId(trace.referenceId), 'trace.referenceId');
  must(trace.name.length >= 1 && trace.name.length <= 256, 'trace.name');
  must(trace.startedAt < trace.endedAt, 'trace times');
  must(statuses.includes(trace.status), 'trace.status');
  must(isFlat(trace.attributes), 'trace.attributes');
  must(spans.length > 0, 'no spans');
  for (const span of spans) {
    must(isId(span.referenceId) && !ids.has(span.referenceId), 'span.referenceId');
    must(
      span.parentReferenceId === undefined || ids.has(span.parentReferenceId),
      'parent before its children',
    );
    ids.add(span.referenceId);
    must(span.name.length >= 1 && span.name.length <= 256, 'span.name');
    must(Number.isInteger(span.startedAt) && Number.isInteger(span.endedAt), 'whole milliseconds');
    must(span.startedAt < span.endedAt, 'span times');
    must(span.startedAt >= trace.startedAt, 'span before its trace');
    must(statuses.includes(span.status), 'span.status');
    must(span.sessionId === trace.sessionId, 'one session');
    must(span.sessionId === undefined || isId(span.sessionId), 'sessionId');
    must(isFlat(span.attributes), 'span.attributes');
    must(types.includes(span.content.type), 'content.type');
    must(isJson(span.content.input) && isJson(span.content.output), 'input and output are JSON');
    must(Buffer.byteLength(JSON.stringify(span.content)) <= 1_000_000, 'content size');
    if (span.content.type === 'Model') {
      must(span.content.model.length >= 1 && span.content.model.length <= 512, 'model');
      must(span.content.provider.length >= 1 && span.content.provider.length <= 512, 'provider');
      must((span.content.cost ?? 0) >= 0, 'cost');
    } else must(!('cost' in span.content), 'cost of a step');
  }
  return broken;
}
