import { isHtml, jsonText, parseObject } from './answer.js';
import { judgeFailure, webPage } from './http-verdicts.js';
import type { Answer, Target, Verdict } from './target.js';

const ingestPath = '/v1/traces/ingest';

const hints = {
  key: 'check RESPAN_API_KEY or --api-key-file; keys are made at https://platform.respan.ai/platform/api/api-keys',
  address: 'the ingest endpoint is not there: try --base-url https://api.respan.ai/api',
};

/**
 * Respan, `POST /v1/traces/ingest`. The request is a raw array of spans; the answer has two documented shapes
 * (`{"ingested_spans":…}` and `{"message":"Processed N …"}`), and the OTLP one where the base address leads there.
 */
export const respan: Target = {
  name: 'respan',
  frame: { open: '[', separator: ',', close: ']' },
  // The only limit that Respan documents (its API rate limits page; ingest may be exempt).
  usualRate: { limit: { unit: 'requests', amount: 60, window: 60_000 }, isKept: false },

  endpoint(baseUrl) {
    const base = baseUrl.replace(/\/+$/, '');
    return base.endsWith(ingestPath) ? base : base + ingestPath;
  },

  headers(key) {
    return { authorization: `Bearer ${key}`, 'content-type': 'application/json', accept: 'application/json' };
  },

  judge(answer, now) {
    const { status } = answer;
    if (status >= 200 && status < 300) return judgeSuccess(answer);
    const words = wordsOf(answer);
    if (status === 400 || status === 422) return { kind: 'invalid', reason: words };
    return judgeFailure(answer, now, words, hints);
  },
};

function judgeSuccess(answer: Answer): Verdict {
  const body = answer.truncated ? undefined : parseObject(answer.body);
  if (body === undefined) return isHtml(answer) ? webPage(answer) : unreadable(answer);
  const partial = partialSuccessOf(body);
  const errors = listOfStrings(body['errors']);
  const ingested = countOf(body);
  const acknowledged = ingested !== undefined || partial !== undefined || saysOk(body);
  if (!acknowledged && errors.length === 0) {
    return { kind: 'unconfirmed', reason: `${answer.status} without a count: ${wordsOf(answer)}` };
  }
  return {
    kind: 'accepted',
    ingested,
    // Without a count, each complaint is taken for a span that was left out.
    rejected: Math.max(partial?.rejected ?? 0, errors.length),
    traceIds: listOfStrings(body['trace_ids']),
    errors: [...errors, ...(partial?.errors ?? [])],
  };
}

function unreadable(answer: Answer): Verdict {
  return { kind: 'unconfirmed', reason: `${answer.status} with an answer that cannot be read` };
}

/** Any other status in a 2xx (`"error"`, `"queued"`) promises nothing. */
function saysOk(body: Record<string, unknown>): boolean {
  const status = body['status'];
  return typeof status === 'string' && /^(?:ok|success)$/i.test(status);
}

function countOf(body: Record<string, unknown>): number | undefined {
  const count = body['ingested_spans'];
  if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return count;
  const processed = /\bProcessed (\d{1,3}(?:,\d{3})+|\d{1,9})\b/i.exec(
    typeof body['message'] === 'string' ? body['message'] : '',
  );
  return processed === null ? undefined : Number(processed[1]?.replaceAll(',', ''));
}

/** The OTLP answer: `{"partialSuccess":{"rejectedSpans":0,"errorMessage":""}}`; numbers may be strings there. */
function partialSuccessOf(body: Record<string, unknown>): { rejected: number; errors: string[] } | undefined {
  const partial = body['partialSuccess'];
  if (typeof partial !== 'object' || partial === null) return undefined;
  const message: unknown = Reflect.get(partial, 'errorMessage');
  const rejected = Number(Reflect.get(partial, 'rejectedSpans'));
  return {
    rejected: Number.isSafeInteger(rejected) && rejected > 0 ? rejected : 0,
    errors: typeof message === 'string' && message !== '' ? [message] : [],
  };
}

function listOfStrings(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.map((entry: unknown) => (typeof entry === 'string' ? entry : jsonText(entry)));
}

/** The server's own words, for people: `detail` and `errors` of the documented shapes, else the start of the body. */
function wordsOf(answer: Answer): string {
  const body = parseObject(answer.body);
  if (body === undefined) return isHtml(answer) ? '(a web page)' : answer.body.slice(0, 200).trim();
  const words = [body['detail'], body['message'], body['error']].find((entry) => typeof entry === 'string');
  const errors = body['errors'];
  const details = errors === undefined ? '' : jsonText(errors).slice(0, 500);
  return [words, details].filter((part) => typeof part === 'string' && part !== '').join(' ');
}
