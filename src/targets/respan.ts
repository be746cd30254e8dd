import { isHtml, jsonText, parseObject } from './answer.js';
import { retryAfterOf } from './retry-after.js';
import type { Answer, Target, Verdict } from './target.js';

const ingestPath = '/v1/traces/ingest';

/**
 * Respan, `POST /v1/traces/ingest`. The request is a raw array of spans; the answer has two documented shapes
 * (`{"ingested_spans":…}` and `{"message":"Processed N …"}`), and the OTLP one where the base address leads there.
 */
export const respan: Target = {
  name: 'respan',
  frame: { open: '[', separator: ',', close: ']' },

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
    if (status >= 300 && status < 400) return redirect(answer);
    if (status === 400 || status === 422) return { kind: 'invalid', reason: wordsOf(answer) };
    if (status === 401 || status === 403) return unauthorised(answer);
    if (status === 413) return { kind: 'too-large', reason: wordsOf(answer) };
    if (isWorthRetrying(status)) {
      return {
        kind: 'retry',
        reason: `${status} ${wordsOf(answer)}`.trim(),
        retryAfter: retryAfterOf(answer.headers, answer.body, now),
        throttled: status === 429 || status === 503,
      };
    }
    return stop(answer);
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

function webPage(answer: Answer): Verdict {
  return {
    kind: 'stop',
    exit: 'destination',
    code: 'not_the_api',
    reason: `the address answers ${answer.status} with a web page`,
    hint: 'this is not the ingest endpoint: check --base-url, and whether a login or proxy page stands before it',
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

function isWorthRetrying(status: number): boolean {
  if (status === 408 || status === 425 || status === 429) return true;
  return status >= 500 && status !== 501 && status !== 505;
}

function redirect(answer: Answer): Verdict {
  return {
    kind: 'stop',
    exit: 'destination',
    code: 'redirected',
    reason: `the address redirects (${answer.status}); redirects are not followed, so that the key stays with its host`,
    hint: 'give the final address with --base-url',
  };
}

function unauthorised(answer: Answer): Verdict {
  if (parseObject(answer.body) === undefined) {
    return {
      kind: 'suspicious',
      code: 'not_the_api',
      reason: `${answer.status} with a page that is not the API's`,
      hint: 'a proxy or firewall may stand between: check --base-url and the network',
    };
  }
  return {
    kind: 'stop',
    exit: 'credentials',
    code: 'credentials_refused',
    reason: `the server refused the key (${answer.status} ${wordsOf(answer)})`,
    hint: 'check RESPAN_API_KEY or --api-key-file; keys are made at https://platform.respan.ai/platform/api/api-keys',
  };
}

function stop(answer: Answer): Verdict {
  if (answer.status === 407) return proxyRefused(answer);
  const misplaced = answer.status === 404 || answer.status === 405;
  return {
    kind: 'stop',
    exit: 'destination',
    code: misplaced ? 'wrong_address' : 'destination_refused',
    reason: `the address answers ${answer.status} ${wordsOf(answer)}`.trim(),
    hint: misplaced
      ? 'the ingest endpoint is not there: try --base-url https://api.respan.ai/api'
      : 'nothing more was sent; run the same command again once the cause is gone',
  };
}

function proxyRefused(answer: Answer): Verdict {
  return {
    kind: 'stop',
    exit: 'destination',
    code: 'proxy_refused',
    reason: `a proxy asks for a user name and a password (407 ${wordsOf(answer)})`,
    hint: 'give them in the variable that names the proxy: HTTPS_PROXY=http://user:password@host:port',
  };
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
