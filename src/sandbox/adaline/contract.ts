import { isObject } from '../values.js';
import {
  amount,
  anything,
  attributes,
  fields,
  jsonText,
  listOf,
  oneOf,
  text,
  time,
  truth,
  type Check,
} from './shape.js';

/**
 * The contract of Adaline's logs API v2 as its documents have it, read apart from the importer's own mapping. Where they
 * are silent about a limit (names of spans, keys that are not known) the stricter reading is taken, so that what passes
 * here passes there.
 */
const id = text(20, 80);
const reference = text(1, 128);
const name = text(1, 256);
const model = text(1, 512);

/** Of a span's content, as JSON. */
const maxContentBytes = 1_000_000;

const step = fields({ type: anything, input: jsonText, output: jsonText });

const contents: Readonly<Record<string, Check>> = {
  Model: fields(
    { type: anything, provider: model, model, input: jsonText, output: jsonText },
    { cost: amount, variables: anything, expected: anything },
  ),
  ModelStream: fields(
    {
      type: anything,
      provider: model,
      model,
      input: jsonText,
      output: text(0),
      aggregateOutput: jsonText,
    },
    { cost: amount, variables: anything },
  ),
  Tool: step,
  Function: step,
  Guardrail: step,
  Other: step,
  Retrieval: step,
  Embeddings: step,
};

const content: Check = (value, at) => {
  if (!isObject(value)) return `${at}: Expected object`;
  const { type } = value;
  const check = typeof type === 'string' && Object.hasOwn(contents, type) ? contents[type] : undefined;
  if (check === undefined) return `${at}.type: Invalid discriminator value`;
  const complaint = check(value, at);
  if (complaint !== undefined) return complaint;
  return Buffer.byteLength(JSON.stringify(value)) > maxContentBytes
    ? `${at}: Content size must not exceed 1MB`
    : undefined;
};

const common = { referenceId: reference, sessionId: reference, attributes, tags: listOf(text(1)) };

const trace = fields(
  {
    startedAt: time,
    name,
    status: oneOf('success', 'failure', 'pending', 'unknown', 'aborted', 'cancelled'),
  },
  { endedAt: time, ...common },
);

const requiredOfSpan = {
  startedAt: time,
  endedAt: time,
  name,
  status: oneOf('success', 'failure', 'aborted', 'cancelled', 'unknown'),
  content,
};
const optionalOfSpan = {
  ...common,
  promptId: text(1),
  deploymentId: text(1),
  runEvaluation: truth,
  parentReferenceId: reference,
  events: listOf(anything),
};

/** `null` for no spans; a list holds one at least. */
const spansOfTrace: Check = (value, at) => {
  if (value === null) return undefined;
  if (Array.isArray(value) && value.length === 0) return `${at}: Array must contain at least 1 element(s)`;
  return listOf(fields(requiredOfSpan, optionalOfSpan))(value, at);
};

/** The body of `POST /v2/logs/trace`. */
export const traceRequest = fields({ projectId: id, trace }, { spans: spansOfTrace });

/** The body of `POST /v2/logs/span`. */
export const spanRequest = fields({
  projectId: id,
  span: fields(requiredOfSpan, { ...optionalOfSpan, traceId: id, traceReferenceId: reference }),
});

/** At most 20 filters: a list, or in a query its JSON. */
const filterList: Check = (value, at) => {
  const complaint = typeof value === 'string' ? jsonText(value, at) : undefined;
  if (complaint !== undefined) return complaint;
  const list: unknown = typeof value === 'string' ? JSON.parse(value) : value;
  if (!Array.isArray(list)) return `${at}: Expected array`;
  return list.length > 20 ? `${at}: Array must contain at most 20 element(s)` : undefined;
};

const filters = {
  startedAfter: time,
  startedBefore: time,
  status: text(1),
  name,
  referenceId: reference,
  sessionId: reference,
  sort: oneOf('startedAt:asc', 'startedAt:desc'),
  limit: (value: unknown, at: string) =>
    Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 200
      ? undefined
      : `${at}: Expected integer between 1 and 200`,
  cursor: text(1),
  filters: filterList,
};

/** The body of `POST /v2/logs/traces`, and the query of `GET /v2/logs`. */
export const traceSearch = fields({ projectId: id }, filters);

/** The body of `POST /v2/logs/spans`. */
export const spanSearch = fields(
  { projectId: id },
  { ...filters, promptId: text(1), model, provider: model },
);
