import type { IncomingMessage } from 'node:http';

import { isAuthorised, type Answer } from '../answer.js';
import { readBody } from '../body.js';
import { isObject } from '../values.js';
import { spanRequest, spanSearch, traceRequest, traceSearch } from './contract.js';
import {
  badRequest,
  noFilters,
  onlyMethod,
  Refusal,
  tooLarge,
  unauthorised,
  unknownAddress,
  type ErrorShape,
} from './errors.js';
import { spanRow, traceRow, type Row } from './rows.js';
import { complaintAboutSpan, complaintAboutTrace } from './rules.js';
import { search } from './search.js';
import type { Check } from './shape.js';
import { AdalineStore, type SpanFields, type TraceFields } from './store.js';

interface Settings {
  key: string | undefined;
  maxBodyBytes: number;
  errors: ErrorShape;
}

/** Documented of every request's body. */
const documentedBodyBytes = 32_000_000;

type Body = Record<string, unknown>;

/** Adaline's logs API under `/v2/logs`: creating traces and spans, and reading both back. */
export class AdalineApi {
  readonly store = new AdalineStore();

  constructor(private readonly settings: Settings) {}

  /** Undefined where the address is none of Adaline's. */
  answer(request: IncomingMessage): Promise<Answer> | undefined {
    const path = (request.url ?? '').replace(/\?.*$/s, '');
    if (!/^\/v2(?:\/|$)/.test(path)) return undefined;
    return this.play(request, path.slice('/v2'.length)).catch((error: unknown): Answer => {
      if (error instanceof Refusal) return error.answer(this.settings.errors);
      throw error;
    });
  }

  private async play(request: IncomingMessage, path: string): Promise<Answer> {
    const { method } = request;
    if (!isAuthorised(request, this.settings.key)) throw unauthorised;
    switch (path) {
      case '/logs/trace':
        if (method !== 'POST') throw onlyMethod('POST');
        return this.createTrace(await this.read(request, traceRequest));
      case '/logs/span':
        if (method !== 'POST') throw onlyMethod('POST');
        return this.createSpan(await this.read(request, spanRequest));
      case '/logs':
        if (method !== 'GET') throw onlyMethod('GET');
        return this.traces(queryOf(request));
      case '/logs/traces':
        if (method !== 'POST') throw onlyMethod('POST');
        return this.traces(await this.read(request, traceSearch));
      case '/logs/spans':
        if (method !== 'POST') throw onlyMethod('POST');
        return this.spans(await this.read(request, spanSearch));
      default:
        throw unknownAddress;
    }
  }

  private async read(request: IncomingMessage, check: Check): Promise<Body> {
    const body = await readBody(request, Math.min(this.settings.maxBodyBytes, documentedBodyBytes));
    if (body.kind === 'too large') throw tooLarge;
    if (body.kind === 'unreadable') throw badRequest('Invalid JSON');
    return checked(body.value, check);
  }

  private createTrace({ projectId, trace, spans }: Body): Answer {
    const { store } = this;
    const project = String(projectId);
    const fields: TraceFields = Object(trace);
    const list: SpanFields[] = Array.isArray(spans) ? spans : [];
    const complaint = complaintAboutTrace(fields, list);
    if (complaint !== undefined) throw badRequest(complaint);
    const { referenceId } = fields;
    if (referenceId !== undefined && store.find(project, { referenceId }) !== undefined)
      throw badRequest(`Log trace already exists with referenceId: ${referenceId}`);
    const created = store.addTrace(project, fields);
    return {
      status: 200,
      body: { traceId: created.id, spanIds: list.map((span) => store.addSpan(created, span).id) },
    };
  }

  private createSpan({ projectId, span }: Body): Answer {
    const { store } = this;
    const fields: SpanFields = Object(span);
    const { traceId, traceReferenceId } = fields;
    if ((traceId === undefined) === (traceReferenceId === undefined))
      throw badRequest('Either traceId or traceReferenceId must be provided');
    const by = traceId === undefined ? { referenceId: traceReferenceId ?? '' } : { id: traceId };
    const trace = store.find(String(projectId), by);
    if (trace === undefined) throw badRequest(`No log trace found: ${traceId ?? traceReferenceId}`);
    const complaint = complaintAboutSpan(fields);
    if (complaint !== undefined) throw badRequest(complaint);
    const { id } = store.addSpan(trace, fields);
    // The older documents promise a list.
    return { status: 200, body: this.settings.errors === 'text' ? { spanIds: [id] } : { spanId: id } };
  }

  private traces(wanted: Body): Answer {
    refuseFilters(wanted);
    const { items, pagination } = search(this.store.tracesOf(wanted), wanted);
    return this.page('traces', items.map(traceRow), pagination);
  }

  private spans(wanted: Body): Answer {
    refuseFilters(wanted);
    const { items, pagination } = search(this.store.spansOf(wanted), wanted);
    return this.page('spans', items.map(spanRow), pagination);
  }

  /** The older documents call every list `data`. */
  private page(kind: 'traces' | 'spans', rows: Row[], pagination: unknown): Answer {
    const list = this.settings.errors === 'text' ? 'data' : kind;
    return { status: 200, body: { [list]: rows, pagination } };
  }
}

/** What a filter looks like is not documented: to take one and not to heed it would answer another question. */
function refuseFilters({ filters = '[]' }: Body): void {
  const list: unknown = typeof filters === 'string' ? JSON.parse(filters) : filters;
  if (Array.isArray(list) && list.length > 0) throw noFilters;
}

function checked(value: unknown, check: Check): Body {
  const complaint = check(value, 'body');
  if (complaint !== undefined || !isObject(value)) throw badRequest(complaint ?? 'body: Expected object');
  return value;
}

/** Numbers come as text in a query. */
function queryOf({ url = '' }: IncomingMessage): Body {
  const parameters = new URL(url, 'http://localhost').searchParams;
  const numbers = new Set(['startedAfter', 'startedBefore', 'limit']);
  const query = Array.from(parameters, ([name, value]): [string, unknown] => [
    name,
    numbers.has(name) ? Number(value) : value,
  ]);
  return checked(Object.fromEntries(query), traceSearch);
}
