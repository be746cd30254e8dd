import { usageError } from '../errors.js';
import { adaline } from './adaline.js';
import { braintrust } from './braintrust.js';
import { claudeCode } from './claude-code.js';
import { codex } from './codex.js';
import { datadog } from './datadog.js';
import { geminiCli } from './gemini-cli.js';
import { generic } from './generic.js';
import { googleAdk } from './google-adk.js';
import { helicone } from './helicone.js';
import { jaeger } from './jaeger.js';
import { langfuse } from './langfuse.js';
import { langsmith } from './langsmith.js';
import { litellm } from './litellm.js';
import { mlflow } from './mlflow.js';
import { openaiAgents } from './openai-agents.js';
import { openaiBatch } from './openai-batch.js';
import { openaiChat } from './openai-chat.js';
import { openrouter } from './openrouter.js';
import { otelSdk } from './otel-sdk.js';
import { otlp } from './otlp.js';
import { phoenix } from './phoenix.js';
import { respan } from './respan.js';
import { respanLogs } from './respan-logs.js';
import type { Source } from './source.js';
import { trail } from './trail.js';
import { weave } from './weave.js';
import { zipkin } from './zipkin.js';

/** All sources, in the order in which they are tried: the telling formats first, `generic` last. */
export const sources: readonly Source[] = [
  otlp,
  adaline,
  langfuse,
  openaiAgents,
  jaeger,
  respanLogs,
  respan,
  langsmith,
  braintrust,
  weave,
  datadog,
  trail,
  phoenix,
  mlflow,
  otelSdk,
  zipkin,
  helicone,
  litellm,
  openrouter,
  openaiBatch,
  claudeCode,
  codex,
  geminiCli,
  googleAdk,
  openaiChat,
  generic,
];

/** The source of a `--source` flag. */
export function findSource(name: string): Source {
  const source = sources.find((each) => each.name === name.toLowerCase());
  if (source !== undefined) return source;
  const names = sources.map((each) => each.name).join(', ');
  throw usageError(
    'unknown_source',
    `--source: there is no source ${JSON.stringify(name)}`,
    `Choose one of: ${names}.`,
  );
}
