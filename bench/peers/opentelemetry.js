import { fromPeers } from './from-peers.js';
import { readRows } from './read-rows.js';

// Rows replayed as spans with the OpenTelemetry SDK, exported as OTLP/HTTP JSON. An id generator keeps the rows' ids.
// `plain` is the SDK as its page sets it up: beyond 2,048 waiting spans it drops. `flushed` waits for a flush before so
// many are there, which is the way to deliver all.
const [, , file = '', url = '', variant = 'plain'] = process.argv;
const { ROOT_CONTEXT, TraceFlags, trace } = await fromPeers('@opentelemetry/api');
const { BasicTracerProvider, BatchSpanProcessor } = await fromPeers('@opentelemetry/sdk-trace-base');
const { OTLPTraceExporter } = await fromPeers('@opentelemetry/exporter-trace-otlp-http');
const spansPerFlush = 2000;

let traceId = '';
let spanId = '';
const provider = new BasicTracerProvider({
  idGenerator: { generateTraceId: () => traceId, generateSpanId: () => spanId },
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${url}/v1/traces` }))],
});
const tracer = provider.getTracer('bench');
let rows = 0;

for await (const row of readRows(file)) {
  replay(row);
  rows += 1;
  if (variant === 'flushed' && rows % spansPerFlush === 0) await provider.forceFlush();
}
await provider.shutdown();
console.log(JSON.stringify({ rows }));

/** @param {Record<string, any>} row */
function replay(row) {
  traceId = row['trace_unique_id'];
  spanId = row['span_unique_id'];
  const parent = row['span_parent_id'];
  const context =
    parent === null
      ? ROOT_CONTEXT
      : trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: parent, traceFlags: TraceFlags.SAMPLED });
  const span = tracer.startSpan(
    row['span_name'],
    { startTime: new Date(row['start_time']), root: parent === null, attributes: attributesOf(row) },
    context,
  );
  span.end(new Date(row['timestamp']));
}

/** @param {Record<string, any>} row */
function attributesOf(row) {
  return {
    'traceloop.workflow.name': row['span_workflow_name'],
    'traceloop.entity.path': row['span_path'],
    'gen_ai.input.messages': row['input'],
    'gen_ai.output.messages': row['output'],
    'gen_ai.request.model': row['model'],
    'gen_ai.request.temperature': row['temperature'],
    'gen_ai.usage.input_tokens': row['prompt_tokens'],
    'gen_ai.usage.output_tokens': row['completion_tokens'],
    metadata: JSON.stringify(row['metadata']),
  };
}
