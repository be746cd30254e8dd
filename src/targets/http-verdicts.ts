import { parseObject } from './answer.js';
import { retryAfterOf } from './retry-after.js';
import type { Answer, Verdict } from './target.js';

/** What to do about a refused key and about a wrong address. */
interface Hints {
  key: string;
  address: string;
}

/**
 * What an answer other than 2xx means by its status alone, as HTTP has it.
 *
 * @param words the server's own, for people
 */
export function judgeFailure(answer: Answer, now: number, words: string, hints: Hints): Verdict {
  const { status } = answer;
  if (status >= 300 && status < 400) return redirect(answer);
  if (status === 401 || status === 403) return unauthorised(answer, words, hints);
  if (status === 413) return { kind: 'too-large', reason: words };
  if (isWorthRetrying(status)) {
    return {
      kind: 'retry',
      reason: `${status} ${words}`.trim(),
      retryAfter: retryAfterOf(answer.headers, answer.body, now),
      throttled: status === 429 || status === 503,
    };
  }
  return stop(answer, words, hints);
}

/** A 2xx that is a web page: the address is not the API's. */
export function webPage(answer: Answer): Verdict {
  return {
    kind: 'stop',
    exit: 'destination',
    code: 'not_the_api',
    reason: `the address answers ${answer.status} with a web page`,
    hint: 'this is not the ingest endpoint: check --base-url, and whether a login or proxy page stands before it',
  };
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

function unauthorised(answer: Answer, words: string, hints: Hints): Verdict {
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
    reason: `the server refused the key (${answer.status} ${words})`,
    hint: hints.key,
  };
}

function stop(answer: Answer, words: string, hints: Hints): Verdict {
  if (answer.status === 407) return proxyRefused(answer, words);
  const misplaced = answer.status === 404 || answer.status === 405;
  return {
    kind: 'stop',
    exit: 'destination',
    code: misplaced ? 'wrong_address' : 'destination_refused',
    reason: `the address answers ${answer.status} ${words}`.trim(),
    hint: misplaced
      ? hints.address
      : 'nothing more was sent; run the same command again once the cause is gone',
  };
}

function proxyRefused(answer: Answer, words: string): Verdict {
  return {
    kind: 'stop',
    exit: 'destination',
    code: 'proxy_refused',
    reason: `a proxy asks for a user name and a password (${answer.status} ${words})`,
    hint: 'give them in the variable that names the proxy: HTTPS_PROXY=http://user:password@host:port',
  };
}
