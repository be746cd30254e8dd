import { byteOrderMarkLength } from './byte-window.js';
import { isSpace, openBrace, openBracket } from './json-bytes.js';
import { JsonMemberScanner } from './json-member-scanner.js';

/** Keys from the top of a document to the array whose elements are the rows. */
type WrapperPath = readonly string[];

/** The lists of a document whose elements are the rows: one, but for exports that may hold several beside each other. */
export type Wrapper = readonly [WrapperPath, ...WrapperPath[]];

/**
 * Where exports keep their list: OTLP (`resourceSpans`, Tempo's `batches` and `trace.resourceSpans`, Jaeger's
 * `result.resourceSpans`), pages of APIs (`data` of Jaeger, Helicone and Langfuse; `results` of Respan; `runs` of
 * LangSmith; `traces` of OpenAI Agents; `content` of Opik; `hits.hits` of Elasticsearch; `events` of Braintrust and of
 * CloudWatch Logs) and what generic tools write.
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
    ['hits', 'hits'],
    ['result', 'resourceSpans'],
    ['content'],
    ['events'],
  ].map((path) => [path.join('.'), path]),
);

/**
 * A document with one of these at its top is one entity and not a page of a list: its list is a part of it. Ids tell a
 * session (ADK), a trace or a span; `spans` (but for Adaline's) and `processes` a trace (Jaeger, MLflow); `observations` a Langfuse
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
export function findWrapper(head: Buffer): { wrapper: Wrapper | undefined; more: boolean } {
  const none = { wrapper: undefined, more: false };
  const scanner = new JsonMemberScanner(byteOrderMarkLength(head));
  let documents = 0;
  let filled: Wrapper | undefined;
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
        if (scanner.path.join('.') === 'spans' && byte === openBracket) {
          // The first row may be longer than what is seen of it.
          if (!beginsAdalineList(head, scanner.at)) return { wrapper: undefined, more: true };
          filled ??= adalineLists;
          break;
        }
        if (scanner.path.length === 1 && entityMembers.has(scanner.path[0] ?? '')) return none;
        if (byte === openBracket) empty ??= listed;
        break;
      case 'element':
        if (byte === openBrace && listed !== undefined && mayBeRow(head, scanner))
          filled ??= isAdalineRow(head, scanner.at) ? adalineLists : [listed];
        else if (listed === empty) empty = undefined;
        break;
      case 'end':
    }
  }
  if (filled === undefined && empty !== undefined && !scanner.inDocument) filled = [empty];
  return { wrapper: filled, more: true };
}

/** Lists of a page of Adaline: a document may hold both. */
const adalineLists: Wrapper = [['traces'], ['spans'], ['data']];

/** The names of the members of the object that begins at `at`, as far as `head` shows them. */
function memberNames(head: Buffer, at: number): ReadonlySet<string | undefined> {
  const scanner = new JsonMemberScanner(at);
  const names = new Set<string | undefined>();
  for (;;) {
    const event = scanner.next(head);
    if (event === undefined || event === 'end') return names;
    if (event === 'member' && scanner.path.length === 1) names.add(scanner.path[0]);
  }
}

/**
 * `events` are the rows of a Braintrust page and of CloudWatch Logs, but in other exports the steps of one session;
 * `content` those of a page of Opik, but elsewhere the parts of one message.
 */
function mayBeRow(head: Buffer, { at, path }: JsonMemberScanner): boolean {
  const name = path.at(-1);
  if (name !== 'events' && name !== 'content') return true;
  const names = memberNames(head, at);
  if (name === 'content') return names.has('id') && (names.has('start_time') || names.has('created_at'));
  const isCloudWatch = names.has('ingestionTime') && names.has('message');
  const isBraintrust = names.has('id') && names.has('created');
  return isCloudWatch || isBraintrust || names.has('span_id') || names.has('root_span_id');
}

/** Only Adaline's rows say when they started beside their trace, or beside the spans of a trace. */
function isAdalineRow(head: Buffer, at: number): boolean {
  const names = memberNames(head, at);
  return names.has('startedAt') && (names.has('logTraceId') || names.has('spanIds'));
}

/** Whether the list that begins at `at` begins with a row of Adaline. False where the head ends before that shows. */
function beginsAdalineList(head: Buffer, at: number): boolean {
  let first = at + 1;
  while (isSpace(head[first])) first++;
  return head[first] === openBrace && isAdalineRow(head, first);
}
