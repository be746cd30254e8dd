import { looksLikeMessages } from '../span/messages.js';
import type { SpanDraft } from '../span/span.js';
import { isObject } from '../span/text.js';
import { addBodies, parsedBody } from './chat-body.js';
import type { Columned } from './columned.js';
import { decoded } from './decoded.js';

/** A row that is one message of a chat: what was asked, or what was answered. */
export function takeMessage(row: Columned): void {
  const [role, content] = [row.take('role'), row.take('content')];
  const { fields } = row.draft;
  const isTold = 'input' in fields || 'output' in fields || 'prompt_messages' in fields;
  const speaker = typeof role?.value === 'string' ? speakers.get(role.value.trim().toLowerCase()) : undefined;
  if (role === undefined || content === undefined || speaker === undefined || isTold) {
    for (const column of [role, content]) if (column !== undefined) row.keep(column);
    return;
  }
  const said = decoded(content.value);
  const message = { role: role.value, content: said };
  row.set(
    speaker === 'output' ? 'completion_message' : 'prompt_messages',
    speaker === 'output' ? message : [message],
  );
  row.set(speaker, said);
}

/** Who asks and who answers. */
const speakers: ReadonlyMap<string, 'input' | 'output'> = new Map([
  ['user', 'input'],
  ['human', 'input'],
  ['system', 'input'],
  ['developer', 'input'],
  ['tool', 'input'],
  ['function', 'input'],
  ['assistant', 'output'],
  ['ai', 'output'],
  ['model', 'output'],
  ['bot', 'output'],
]);

/** Prompt and answer: the texts, and the messages that they are or that they make together with a system prompt. */
export function takeConversation(row: Columned): void {
  const { draft } = row;
  let input = row.take('input');
  const [output, system] = [row.take('output'), row.take('system')];
  const [messages, answer] = [row.take('prompt_messages'), row.take('completion_message')];
  // An object that is called a prompt, beside the messages that were sent, is the template that they were made of.
  if (input !== undefined && messages !== undefined && input.name === 'prompt' && isObject(input.value)) {
    row.keep(input);
    input = undefined;
  }
  // Beside a system prompt it matters whether the input is an object, be it written as a text.
  const inputValue = system === undefined ? parsedBody(input?.value) : decoded(input?.value);
  if (input !== undefined) row.set('input', input.value);
  if (output !== undefined) row.set('output', output.value);
  if (answer !== undefined) row.set('completion_message', decoded(answer.value));
  let prompt: unknown = messages === undefined ? undefined : decoded(messages.value);
  if (prompt === undefined && looksLikeMessages(inputValue)) {
    prompt = inputValue;
    draft.fields['input'] = inputValue;
  }
  const isText = prompt === undefined && input !== undefined && !isObject(inputValue);
  if (system !== undefined && (isText || Array.isArray(prompt))) {
    const turns: unknown[] = Array.isArray(prompt) ? prompt : [{ role: 'user', content: input?.value }];
    prompt = [{ role: 'system', content: system.value }, ...turns];
  } else if (system !== undefined) {
    row.keep(system);
  }
  if (prompt !== undefined) draft.fields['prompt_messages'] = splitAnswer(prompt, draft);
  addBodies(draft, inputValue, parsedBody(output?.value));
}

/** A whole conversation in one column ends with the answer; it is one only where no other column holds an answer. */
function splitAnswer(prompt: unknown, draft: SpanDraft): unknown {
  if (!looksLikeMessages(prompt) || prompt.length < 2) return prompt;
  const last = prompt.at(-1);
  const hasAnswer = 'output' in draft.fields || 'completion_message' in draft.fields;
  if (hasAnswer || last?.['role'] !== 'assistant') return prompt;
  draft.fields['completion_message'] = last;
  if (typeof last['content'] === 'string') draft.fields['output'] = last['content'];
  return prompt.slice(0, -1);
}
