import type { SpanDraft } from '../../span/span.js';
import { isAbsent, isObject, parseJsonContainer } from '../../span/text.js';

const spoken = /^gen_ai\.(system|user|assistant|tool)\.message$/;

/** Events of the older GenAI conventions: `gen_ai.user.message` `{content}`, `gen_ai.choice` `{message | content}`. */
function conventional(name: string, attributes: Record<string, unknown>): [string, unknown] | undefined {
  const speaker = spoken.exec(name)?.[1];
  const { role, content, message, ...rest } = attributes;
  const words = parsed(content) ?? content ?? parsed(message) ?? message ?? null;
  if (speaker !== undefined) {
    const { id, tool_calls: calls } = rest;
    return [
      'prompt_messages',
      {
        role: role ?? speaker,
        content: words,
        ...(isAbsent(calls) ? {} : { tool_calls: parsed(calls) ?? calls }),
        ...(speaker === 'tool' && typeof id === 'string' ? { tool_call_id: id } : {}),
      },
    ];
  }
  if (name !== 'gen_ai.choice') return undefined;
  return [
    'completion_message',
    isObject(words) && 'role' in words ? words : { role: 'assistant', content: words },
  ];
}

function parsed(value: unknown): object | undefined {
  return typeof value === 'string' ? parseJsonContainer(value) : undefined;
}

const roles = new Set(['system', 'user', 'assistant', 'human', 'ai', 'tool']);

/** Monocle writes a message as JSON of `{<role>: <words>}`. */
function roleKeyed(value: unknown): unknown {
  const object = parsed(value);
  if (!isObject(object)) return undefined;
  const [entry, ...others] = Object.entries(object);
  if (entry === undefined || others.length > 0 || !roles.has(entry[0])) return undefined;
  return { role: entry[0], content: entry[1] };
}

/** Messages of Monocle's `data.input` `{input: ["{\"user\": …}"]}` and `data.output` `{response: "{\"assistant\": …}"}`. */
function ofMonocle(name: string, attributes: Record<string, unknown>): [string, unknown][] {
  if (name === 'data.input' && Array.isArray(attributes['input'])) {
    const messages = attributes['input'].map(roleKeyed);
    if (messages.includes(undefined)) return [];
    return messages.map((message) => ['prompt_messages', message]);
  }
  const answer = name === 'data.output' ? roleKeyed(attributes['response']) : undefined;
  return answer === undefined ? [] : [['completion_message', answer]];
}

/** Sets the messages that a span's events tell, where its attributes tell none. The events keep what they hold. */
export function addEventMessages(
  draft: SpanDraft,
  events: readonly { name: string; attributes: Record<string, unknown> }[],
): void {
  const told = events.flatMap(({ name, attributes }) => {
    const message = conventional(name, attributes);
    return message === undefined ? ofMonocle(name, attributes) : [message];
  });
  const prompt = told.filter(([field]) => field === 'prompt_messages').map(([, message]) => message);
  const answer = told.find(([field]) => field === 'completion_message')?.[1];
  if (prompt.length > 0 && !('prompt_messages' in draft.fields)) draft.fields['prompt_messages'] = prompt;
  if (answer !== undefined && !('completion_message' in draft.fields)) {
    draft.fields['completion_message'] = answer;
  }
}
