import { byteOrderMarkLength } from './byte-window.js';
import { openBrace, openBracket } from './json-bytes.js';
import { JsonMemberScanner } from './json-member-scanner.js';

/** Keys from the top of a document to the array whose elements are the rows. */
export type WrapperPath = readonly string[];

/**
 * Where exports keep their list: OTLP (`resourceSpans`, Tempo's `batches` and `trace.resourceSpans`), pages of APIs
 * (`data` of Jaeger, Helicone and Langfuse; `results` of Respan; `runs` of LangSmith; `traces` of OpenAI Agents; `events` of
 * Braintrust) and what generic tools write.
 */
const wrapperPaths = new Map<string, WrapperPath>(
  [
    ['data'],
    ['results'],
    ['runs'],
    ['resourceSpans'],
    ['resource_spans'],
    ['trace', 'resourceSpans'],
    ['batches'],
    ['traces'],
    ['items'],
    ['records'],
    ['rows'],
    ['logs'],
    ['hits'],
    ['events'],
  ].map((path) => [path.join('.'), path]),
);

/**
 * A document with one of these at its top is one entity and not a page of a list: its list is a part of it. Ids tell a
 * session (ADK), a trace or a span; `spans` and `processes` a trace (Jaeger, MLflow); `observations` a Langfuse
 * download; `post` and `patch` a LangSmith batch; `info` an MLflow trace; the rest one call of a model.
 */
const entityMembers = new Set(
  [
    ['id', '_id', 'traceID', 'traceId', 'trace_id', 'trace_unique_id', 'spanID', 'spanId', 'span_id'],
    ['span_unique_id', 'root_span_id', 'sessionId', 'session_id', 'run_id'],
    ['spans', 'processes', 'observations', 'post', 'patch', 'info'],
    [
      'messages',
      'prompt',
      'completion',
      'response',
      'input',
      'output',
      'inputs',
      'outputs',
      'model',
      'usage',
    ],
  ].flat(),
);

/**
 * The list in a file that is one object around it, told by what `head`, the input's beginning, shows of the document:
 * the names of its members, and that the list's first element is an object. `more` where the head ends before the
 * document does: another one may follow, or a member that tells.
 *
 * An input of several documents has no wrapper: each of them is a row.
 */
export function findWrapper(head: Buffer): { path: WrapperPath | undefined; more: boolean } {
  const none = { path: undefined, more: false };
  const scanner = new JsonMemberScanner(byteOrderMarkLength(head));
  let documents = 0;
  let filled: WrapperPath | undefined;
  let empty: WrapperPath | undefined;
  for (;;) {
    const event = scanner.next(head);
    if (event === undefined) break;
    const byte = head[scanner.at];
    const listed = wrapperPaths.get(scanner.path.join('.'));
    switch (event) {
      case 'document':
        if (++documents > 1 || byte !== openBrace) return none;
        break;
      case 'member':
        if (scanner.path.length === 1 && entityMembers.has(scanner.path[0] ?? '')) return none;
        if (byte === openBracket) empty ??= listed;
        break;
      case 'element':
        if (byte === openBrace && listed !== undefined && mayBeRow(head, scanner)) filled ??= listed;
        else if (listed === empty) empty = undefined;
        break;
      case 'end':
    }
  }
  return { path: filled ?? (scanner.inDocument ? undefined : empty), more: true };
}

/** `events` are the rows of a Braintrust page, but in other exports the steps of one session. */
function mayBeRow(head: Buffer, { at, path }: JsonMemberScanner): boolean {
  if (path.at(-1) !== 'events') return true;
  const scanner = new JsonMemberScanner(at);
  const names = new Set<string | undefined>();
  for (;;) {
    const event = scanner.next(head);
    if (event === undefined || event === 'end') break;
    if (event === 'member' && scanner.path.length === 1) names.add(scanner.path[0]);
  }
  return names.has('span_id') || names.has('root_span_id') || (names.has('id') && names.has('created'));
}
