import { traceEndpoint, addressOf } from './adaline/addresses.js';
import { judgeAnswer } from './adaline/answers.js';
import type { TargetFinding } from './adaline/findings.js';
import { countSpans, findSpans, requestOf } from './adaline/inquiries.js';
import { logTraceOf } from './adaline/log-trace.js';
import { referenceIdOf } from './adaline/reference-id.js';
import { isSameSpan } from './adaline/same-span.js';
import type { AdalineOptions, LogSpan, LogTrace } from './adaline/request.js';
import type { Target } from './target.js';
import type { CheckedSpan, FoundSpan, Inquiry, RuleFinding, TracePart } from './trace-protocol.js';

/** The documented limit is 32 MB; a little less, since what counts as a megabyte is not documented. */
const mostBytes = 30_000_000;

/**
 * Adaline's logs API: `POST /v2/logs/trace` with one trace and its spans, `POST /v2/logs/span` for what does not fit and
 * for what comes later. A trace that is there is refused a second time; nothing is documented of a span that is sent
 * twice, so it is asked for (`POST /v2/logs/traces`, `/v2/logs/spans`) wherever it may be there.
 */
export function adaline(projectId: string, options: AdalineOptions): Target {
  const frame = {
    open: `{"projectId":${JSON.stringify(projectId)},"trace":{},"spans":[`,
    separator: ',',
    close: ']}',
  };
  const encode = (part: TracePart): Encoded => encodePart(part, options);
  const only = (part: TracePart): { trace: LogTrace; span: LogSpan } => {
    const { trace, spans } = encode(part);
    const [span] = spans;
    if (trace === undefined || span === undefined)
      throw new Error('a span was planned that cannot be expressed');
    return { trace, span };
  };
  return {
    name: 'adaline',
    frame,
    // Two copies of one page say 600 and 60,000 a minute: below the lower one.
    usualRate: { limit: { unit: 'requests', amount: 8, window: 1000 }, isKept: true },
    endpoint: traceEndpoint,
    headers(key) {
      return {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        accept: 'application/json',
      };
    },
    judge: (answer, now) => judgeAnswer(answer, now, options),
    traces: {
      mostBytes,
      check: (part) => checkPart(part, options),
      create(endpoint, part) {
        const { trace, spans } = encode(part);
        return requestOf(addressOf(endpoint, 'trace'), { projectId, trace, spans });
      },
      append(endpoint, part) {
        const { trace, span } = only(part);
        return requestOf(addressOf(endpoint, 'span'), {
          projectId,
          span: { ...span, traceReferenceId: trace.referenceId },
        });
      },
      countSpans: (endpoint, traceId) => countSpans(endpoint, projectId, referenceIdOf(traceId)),
      find: (endpoint, part) => findPart(endpoint, projectId, part, encode(part)),
    },
  };
}

function* findPart(
  endpoint: string,
  projectId: string,
  part: TracePart,
  { spans, positions }: Encoded,
): Inquiry<readonly FoundSpan[] | undefined> {
  const traceReferenceId = referenceIdOf(part.spans[0]!.trace_unique_id);
  const referenceIds = spans.map(({ referenceId }) => referenceId);
  const rows = yield* findSpans(endpoint, projectId, { traceReferenceId, referenceIds });
  if (rows === undefined) return undefined;
  const found = part.spans.map((): FoundSpan => ({ copies: 0, isSame: undefined }));
  spans.forEach((span, at) => {
    const position = positions[at]!;
    const copies = rows.get(span.referenceId) ?? [];
    const [first] = copies;
    const isSame = first && isSameSpan(first, part.spans[position]!, span);
    found[position] = { copies: copies.length, isSame };
  });
  return found;
}

interface Encoded {
  trace: LogTrace | undefined;
  spans: LogSpan[];
  /** Of each of `spans` among those of the part. */
  positions: number[];
  findings: TargetFinding[];
}

/** Parents that are at the destination stand before the spans, so that these may name them, and are left out again. */
function encodePart(part: TracePart, options: AdalineOptions): Encoded {
  const { spans, present, window, session, leading } = part;
  const all = [...present, ...spans];
  const context = { session, earliest: startOf(window), parents: leading };
  const { trace, ...whole } = logTraceOf(all, options, context);
  const at = present.length;
  const own = whole.positions.flatMap((position, index) => (position < at ? [] : [index]));
  return {
    trace: trace && { ...trace, ...widened(trace, window) },
    spans: own.map((index) => whole.spans[index]!),
    positions: own.map((index) => whole.positions[index]! - at),
    findings: whole.findings
      .filter(({ span }) => span >= at)
      .map((finding) => ({ ...finding, span: finding.span - at })),
  };
}

/** Milliseconds. */
function startOf(window: TracePart['window']): number | undefined {
  return window === undefined ? undefined : Math.floor(window.start / 1000);
}

/** What follows of a trace that is cut must lie within it too. Times in milliseconds. */
function widened(
  { startedAt, endedAt }: LogTrace,
  window: TracePart['window'],
): Pick<LogTrace, 'startedAt' | 'endedAt'> {
  return {
    startedAt: Math.min(startedAt, startOf(window) ?? startedAt),
    endedAt: Math.max(endedAt, window === undefined ? endedAt : Math.ceil(window.end / 1000)),
  };
}

function checkPart(part: TracePart, options: AdalineOptions): CheckedSpan[] {
  const { spans, positions, findings } = encodePart(part, options);
  const checked = part.spans.map((): { bytes: number; findings: RuleFinding[] } => ({
    bytes: 0,
    findings: [],
  }));
  positions.forEach((position, at) => {
    checked[position]!.bytes = Buffer.byteLength(JSON.stringify(spans[at]));
  });
  for (const finding of findings) checked[finding.span]!.findings.push(ruleFinding(finding));
  return checked;
}

function ruleFinding({ code, refused, message, hint, field }: TargetFinding): RuleFinding {
  const level = refused ? 'reject' : code === 'content_truncated' ? 'warn' : 'note';
  return { code, message, hint, field, level };
}
