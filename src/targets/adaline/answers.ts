import { isHtml, jsonText, parseObject } from '../answer.js';
import { judgeFailure, webPage } from '../http-verdicts.js';
import type { Answer, Verdict } from '../target.js';
import type { AdalineOptions } from './request.js';

const hints = {
  key: 'check ADALINE_API_KEY or --api-key-file; keys are made in the settings of the Adaline workspace',
  address: 'the logs API is not there: check --base-url or ADALINE_API_URL (default: https://api.adaline.ai)',
};

/** What the user named for the whole run: where it is not there, no span that bears it passes. */
type Named = Pick<AdalineOptions, 'promptId' | 'deploymentId'>;

/**
 * What an answer of the logs API means. Errors have two documented shapes (`{"error":"…"}` and
 * `{"error":{"code":"…","message":"…"}}`), and no page tells with which status the older ones come: where their words are
 * known, they decide.
 */
export function judgeAnswer(answer: Answer, now: number, named: Named): Verdict {
  const { status } = answer;
  if (status >= 200 && status < 300) return judgeSuccess(answer);
  const words = wordsOf(answer);
  const known = status >= 400 ? (judgeWords(words) ?? judgeNames(words, named)) : undefined;
  if (known !== undefined) return known;
  if (status === 409) return { kind: 'exists', reason: words };
  // A 404 with the API's own error is about what the request names, not about the address.
  const isInvalid = status === 400 || status === 422 || (status === 404 && hasError(answer));
  return isInvalid ? { kind: 'invalid', reason: words } : judgeFailure(answer, now, words, hints);
}

function judgeWords(words: string): Verdict | undefined {
  if (/\balready exists\b/i.test(words)) return { kind: 'exists', reason: words };
  if (/\bno project found\b/i.test(words)) {
    return {
      kind: 'stop',
      exit: 'destination',
      code: 'no_project',
      reason: `the workspace of the key has no such project (${words})`,
      hint: 'check --project-id or ADALINE_PROJECT_ID: Monitor, Copy Project ID; nothing more was sent',
    };
  }
  if (/\breached the limit of\b.*\blog writes\b|\bupgrade your plan\b/i.test(words)) {
    return {
      kind: 'stop',
      exit: 'destination',
      code: 'quota_reached',
      reason: `the plan of the workspace permits no more (${words})`,
      hint: 'once it does, run the same command again: it sends what is missing',
    };
  }
  return undefined;
}

/** An id that a row names costs that row; one of a flag stands in every call of a model. */
function judgeNames(words: string, { promptId, deploymentId }: Named): Verdict | undefined {
  const kind = /\bno (prompt|deployment) found\b/i.exec(words)?.[1]?.toLowerCase();
  if (kind === undefined) return undefined;
  const id = kind === 'prompt' ? promptId : deploymentId;
  if (id === undefined || !words.includes(id)) return undefined;
  return {
    kind: 'stop',
    exit: 'destination',
    code: `no_${kind}`,
    reason: `the project has no such ${kind} (${words})`,
    hint: `check --${kind}-id; the rest was held back, and the same command sends it`,
  };
}

function judgeSuccess(answer: Answer): Verdict {
  const body = answer.truncated ? undefined : parseObject(answer.body);
  if (body === undefined && isHtml(answer)) return webPage(answer);
  const { traceId, spanId, spanIds } = body ?? {};
  const stored = typeof spanId === 'string' ? 1 : Array.isArray(spanIds) ? spanIds.length : undefined;
  if (stored === undefined && typeof traceId !== 'string') {
    return {
      kind: 'unconfirmed',
      reason: `${answer.status} without an id: ${answer.body.slice(0, 200).trim()}`,
    };
  }
  return {
    kind: 'accepted',
    ingested: stored,
    rejected: 0,
    traceIds: typeof traceId === 'string' ? [traceId] : [],
    errors: [],
  };
}

function hasError(answer: Answer): boolean {
  return parseObject(answer.body)?.['error'] !== undefined;
}

/** The server's own words, for people. */
function wordsOf(answer: Answer): string {
  const body = parseObject(answer.body);
  if (body === undefined) return isHtml(answer) ? '(a web page)' : answer.body.slice(0, 200).trim();
  const { error = body['message'] } = body;
  if (typeof error === 'string') return error;
  const { code, message } = Object(error);
  const words = [code, message].filter((part) => typeof part === 'string' && part !== '');
  return words.length > 0 ? words.join(': ') : jsonText(error).slice(0, 500);
}
