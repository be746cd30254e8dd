import { usageError } from '../errors.js';
import { recogniser as adaline } from './recognisers/adaline.js';
import { recogniser as braintrust } from './recognisers/braintrust.js';
import { recogniser as claudeCode } from './recognisers/claude-code.js';
import { recogniser as codex } from './recognisers/codex.js';
import { recogniser as datadog } from './recognisers/datadog.js';
import { recogniser as geminiCli } from './recognisers/gemini-cli.js';
import { recogniser as generic } from './recognisers/generic.js';
import { recogniser as googleAdk } from './recognisers/google-adk.js';
import { recogniser as helicone } from './recognisers/helicone.js';
import { recogniser as jaeger } from './recognisers/jaeger.js';
import { recogniser as langfuse } from './recognisers/langfuse.js';
import { recogniser as langsmith } from './recognisers/langsmith.js';
import { recogniser as litellm } from './recognisers/litellm.js';
import { recogniser as mlflow } from './recognisers/mlflow.js';
import { recogniser as openaiAgents } from './recognisers/openai-agents.js';
import { recogniser as openaiBatch } from './recognisers/openai-batch.js';
import { recogniser as openaiChat } from './recognisers/openai-chat.js';
import { recogniser as openrouter } from './recognisers/openrouter.js';
import { recogniser as otelSdk } from './recognisers/otel-sdk.js';
import { recogniser as otelTable } from './recognisers/otel-table.js';
import { recogniser as otlp } from './recognisers/otlp.js';
import { recogniser as phoenix } from './recognisers/phoenix.js';
import { recogniser as respan } from './recognisers/respan.js';
import { recogniser as respanLogs } from './recognisers/respan-logs.js';
import { recogniser as trail } from './recognisers/trail.js';
import { recogniser as weave } from './recognisers/weave.js';
import { recogniser as zipkin } from './recognisers/zipkin.js';
import type { Recogniser, Source } from './source.js';

/** A source before an input is in it. */
export interface SourceEntry extends Recogniser {
  /** What maps rows is most of a source, and few runs need more than one: it is loaded when an input is in it. */
  load: () => Promise<Source>;
}

/** All sources, in the order in which they are tried: the telling formats first, `generic` last. */
export const sources: readonly SourceEntry[] = [
  { ...otlp, load: async () => (await import('./otlp.js')).otlp },
  { ...adaline, load: async () => (await import('./adaline.js')).adaline },
  { ...langfuse, load: async () => (await import('./langfuse.js')).langfuse },
  { ...openaiAgents, load: async () => (await import('./openai-agents.js')).openaiAgents },
  { ...jaeger, load: async () => (await import('./jaeger.js')).jaeger },
  { ...respanLogs, load: async () => (await import('./respan-logs.js')).respanLogs },
  { ...respan, load: async () => (await import('./respan.js')).respan },
  { ...langsmith, load: async () => (await import('./langsmith.js')).langsmith },
  { ...braintrust, load: async () => (await import('./braintrust.js')).braintrust },
  { ...weave, load: async () => (await import('./weave.js')).weave },
  { ...datadog, load: async () => (await import('./datadog.js')).datadog },
  { ...trail, load: async () => (await import('./trail.js')).trail },
  { ...phoenix, load: async () => (await import('./phoenix.js')).phoenix },
  { ...mlflow, load: async () => (await import('./mlflow.js')).mlflow },
  { ...otelSdk, load: async () => (await import('./otel-sdk.js')).otelSdk },
  { ...otelTable, load: async () => (await import('./otel-table.js')).otelTable },
  { ...zipkin, load: async () => (await import('./zipkin.js')).zipkin },
  { ...helicone, load: async () => (await import('./helicone.js')).helicone },
  { ...litellm, load: async () => (await import('./litellm.js')).litellm },
  { ...openrouter, load: async () => (await import('./openrouter.js')).openrouter },
  { ...openaiBatch, load: async () => (await import('./openai-batch.js')).openaiBatch },
  { ...claudeCode, load: async () => (await import('./claude-code.js')).claudeCode },
  { ...codex, load: async () => (await import('./codex.js')).codex },
  { ...geminiCli, load: async () => (await import('./gemini-cli.js')).geminiCli },
  { ...googleAdk, load: async () => (await import('./google-adk.js')).googleAdk },
  { ...openaiChat, load: async () => (await import('./openai-chat.js')).openaiChat },
  { ...generic, load: async () => (await import('./generic.js')).generic },
];

/** The source of a `--source` flag. */
export function findSource(name: string): SourceEntry {
  const source = sources.find((each) => each.name === name.toLowerCase());
  if (source !== undefined) return source;
  const names = sources.map((each) => each.name).join(', ');
  throw usageError(
    'unknown_source',
    `--source: there is no source ${JSON.stringify(name)}`,
    `Choose one of: ${names}.`,
  );
}
