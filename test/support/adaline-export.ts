import type { LogTraceRequest } from '../../src/targets/adaline/log-trace.js';

/** What Adaline's read API lists of a request that it took: columns with JSON as texts, and its own ids. */
export interface AdalineExport {
  traces: Record<string, unknown>[];
  spans: Record<string, unknown>[];
}

const written = 1_760_000_000_000;

function ownId(kind: string, referenceId: string): string {
  return `${kind}-of-${referenceId}`.padEnd(20, '0').slice(0, 80);
}

interface Usage {
  promptTokens?: number;
  completionTokens?: number;
  totalTokens?: number;
}

function usageOf(output: string): Usage {
  const read: { tokenUsage?: Usage } | null = JSON.parse(output);
  return read?.tokenUsage ?? {};
}

/** The rows of `GET /v2/logs` and `POST /v2/logs/spans` after these requests, with columns as the API reference names them. */
export function exported(requests: readonly LogTraceRequest[]): AdalineExport {
  const traces: AdalineExport['traces'] = [];
  const spans: AdalineExport['spans'] = [];
  for (const request of requests) {
    if (request.trace === undefined) continue;
    const { trace } = request;
    const traceId = ownId('trace', trace.referenceId);
    traces.push({
      id: traceId,
      name: trace.name,
      status: trace.status,
      startedAt: trace.startedAt,
      endedAt: trace.endedAt,
      latency: trace.endedAt - trace.startedAt,
      referenceId: trace.referenceId,
      sessionId: trace.sessionId ?? null,
      attributes: JSON.stringify(trace.attributes),
      tags: JSON.stringify(trace.tags ?? []),
      totalCost: 0.5,
      totalInputTokens: 10,
      totalOutputTokens: 20,
      spanIds: request.spans.map(({ referenceId }) => ownId('span', referenceId)),
      createdAt: written,
      updatedAt: written,
    });
    for (const span of request.spans) {
      const usage = usageOf(span.content.output);
      spans.push({
        id: ownId('span', span.referenceId),
        name: span.name,
        contentType: span.content.type,
        status: span.status,
        startedAt: span.startedAt,
        endedAt: span.endedAt,
        latency: span.endedAt - span.startedAt,
        logTraceId: traceId,
        promptId: span.promptId ?? null,
        referenceId: span.referenceId,
        parentReferenceId: span.parentReferenceId ?? null,
        sessionId: span.sessionId ?? null,
        cost: span.content.type === 'Model' ? (span.content.cost ?? null) : null,
        promptTokens: usage.promptTokens ?? null,
        completionTokens: usage.completionTokens ?? null,
        totalTokens: usage.totalTokens ?? null,
        content: JSON.stringify(span.content),
        parsedContent: null,
        attributes: JSON.stringify(span.attributes),
        tags: JSON.stringify(span.tags ?? []),
        events: JSON.stringify(span.events ?? []),
        createdAt: written,
        updatedAt: written,
      });
    }
  }
  return { traces, spans };
}
