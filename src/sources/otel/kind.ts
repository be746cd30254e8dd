import { logTypeFromKind } from '../../span/log-type.js';
import type { AttributeReader } from './attribute-reader.js';

/** Kinds whose meaning their words do not tell, or tell wrongly. OpenInference's are mapped as Respan's exporters do. */
const kinds: Readonly<Record<string, ReadonlyMap<string, string>>> = {
  'openinference.span.kind': new Map([
    ['llm', 'chat'],
    ['evaluator', 'task'],
    ['prompt', 'task'],
  ]),
  'gen_ai.operation.name': new Map([
    ['generate_content', 'chat'],
    ['execute_tool', 'tool'],
    ['retrieval', 'task'],
  ]),
  'ai.operationId': new Map([
    ['ai.generatetext', 'text'],
    ['ai.streamtext', 'text'],
    ['ai.generateobject', 'text'],
    ['ai.streamobject', 'text'],
  ]),
  'span.type': new Map([
    ['inference', 'chat'],
    ['inference.framework', 'chat'],
    ['inference.modelapi', 'generation'],
    ['agentic.tool.invocation', 'tool'],
    ['agentic.mcp.invocation', 'tool'],
  ]),
};

/** Attributes that tell what kind of span it is, the most telling first. */
const kindNames = [
  'respan.entity.log_type',
  'traceloop.span.kind',
  'openinference.span.kind',
  'gen_ai.operation.name',
  'llm.request.type',
  'ai.operationId',
  'span.type',
  'span_type',
];

function typeOf(name: string, kind: unknown): string | undefined {
  if (typeof kind !== 'string') return undefined;
  const word = kind.trim().toLowerCase();
  if (word === 'unknown') return undefined;
  const bare = name === 'ai.operationId' ? word.replace(/\.do(?:generate|stream|embed)$/, '') : word;
  return kinds[name]?.get(bare) ?? logTypeFromKind(bare);
}

/** Sets the log type; the kind's own word stays among the attributes unless it is the same. */
export function takeKind(reader: AttributeReader): void {
  for (const name of kindNames) {
    const kind = reader.peek(name);
    const type = typeOf(name, kind);
    if (type === undefined) continue;
    reader.set('log_type', name, type);
    if (type === kind) reader.remaining.delete(name);
    return;
  }
}
