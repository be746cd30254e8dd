import { describe, expect, onTestFinished, test } from 'vitest';

import { startSandbox, type SandboxOptions } from '../../src/sandbox/server.js';

const projectId = 'project-of-these-tests';

type Fields = Record<string, unknown>;

function span(overrides: Fields = {}): Fields {
  return {
    referenceId: 's1',
    name: 'call',
    status: 'success',
    startedAt: 1000,
    endedAt: 2000,
    content: { type: 'Other', input: '{}', output: '"text"' },
    ...overrides,
  };
}

function trace(overrides: Fields = {}): Fields {
  return { referenceId: 't1', name: 'job', status: 'unknown', startedAt: 1000, endedAt: 3000, ...overrides };
}

interface Reply {
  status: number;
  body: Fields;
}

async function started(options: Partial<SandboxOptions> = {}) {
  const sandbox = await startSandbox({ port: 0, ...options });
  onTestFinished(() => sandbox.close());
  const call = async (method: string, path: string, body?: unknown, key = 'any'): Promise<Reply> => {
    const response = await fetch(sandbox.url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: Object(await response.json()) };
  };
  return {
    sandbox,
    call,
    create: (of: Fields = {}) =>
      call('POST', '/v2/logs/trace', { projectId, trace: trace(), spans: [span()], ...of }),
    add: (of: Fields = {}) =>
      call('POST', '/v2/logs/span', { projectId, span: span({ traceReferenceId: 't1', ...of }) }),
  };
}

describe('creating', () => {
  test('a trace with its spans, and a span of it later', async () => {
    const { create, add, sandbox } = await started();
    const created = await create();
    expect(created).toMatchObject({
      status: 200,
      body: { traceId: expect.any(String), spanIds: [expect.any(String)] },
    });
    expect(String(created.body['traceId']).length).toBeGreaterThanOrEqual(20);
    expect(await add({ referenceId: 's2', parentReferenceId: 's1' })).toMatchObject({
      status: 200,
      body: { spanId: expect.any(String) },
    });
    expect(sandbox.adaline.totals()).toEqual({ traces: 1, spans: 2, repeated: 0 });
  });

  test('a trace twice is refused in words, in the shape that was chosen', async () => {
    const message = 'Log trace already exists with referenceId: t1';
    const { create } = await started();
    await create();
    expect((await create()).body).toEqual({ error: { code: expect.any(String), message } });
    const older = await started({ adalineErrors: 'text' });
    await older.create();
    expect((await older.create()).body).toEqual({ error: message });
  });

  test('a span twice is stored twice, and counted: nothing documented forbids it', async () => {
    const { create, add, sandbox } = await started();
    await create();
    await add();
    expect(sandbox.adaline.totals()).toMatchObject({ spans: 2, repeated: 1 });
  });

  test.each<[string, Fields]>([
    ['no spans in a list', { spans: [] }],
    ['a project id that is too short', { projectId: 'short' }],
    ['an unknown key', { more: 1 }],
    ['a trace without a name', { trace: trace({ name: undefined }) }],
    ['a reference id of 129 characters', { trace: trace({ referenceId: 'x'.repeat(129) }) }],
    ['an unknown status', { trace: trace({ status: 'ok' }) }],
    ['a trace that ends as it begins', { trace: trace({ endedAt: 1000 }) }],
    ['attributes that are not flat', { trace: trace({ attributes: { a: { b: 1 } } }) }],
    ['attributes that are null', { trace: trace({ attributes: { a: null } }) }],
    ['a time as text', { trace: trace({ startedAt: '2025-06-05T10:00:00Z' }) }],
    ['a span that ends as it begins', { spans: [span({ endedAt: 1000 })] }],
    ['a span before its trace', { spans: [span({ startedAt: 999 })] }],
    ['a pending span', { spans: [span({ status: 'pending' })] }],
    ['two spans of one id', { spans: [span(), span()] }],
    ['a span that is its own parent', { spans: [span({ parentReferenceId: 's1' })] }],
    ['a parent that is not there', { spans: [span({ parentReferenceId: 'nobody' })] }],
    ['a span that names its trace', { spans: [span({ traceReferenceId: 't1' })] }],
    ['a content as text', { spans: [span({ content: '{}' })] }],
    ['an input that is no JSON', { spans: [span({ content: { type: 'Other', input: 'a', output: '1' } })] }],
    [
      'a model without a provider',
      { spans: [span({ content: { type: 'Model', model: 'm', input: '1', output: '1' } })] },
    ],
    [
      'a negative cost',
      {
        spans: [
          span({ content: { type: 'Model', provider: 'p', model: 'm', input: '1', output: '1', cost: -1 } }),
        ],
      },
    ],
    [
      'a content beyond 1 MB',
      { spans: [span({ content: { type: 'Other', input: '1', output: `"${'x'.repeat(1_000_000)}"` } })] },
    ],
  ])('%s is refused, and nothing is stored', async (_name, request) => {
    const { create, sandbox } = await started();
    expect(await create(request)).toMatchObject({
      status: 400,
      body: { error: { message: expect.any(String) } },
    });
    expect(sandbox.adaline.totals()).toEqual({ traces: 0, spans: 0, repeated: 0 });
  });

  test('times before 1970 are taken: nothing documented forbids them', async () => {
    const { create } = await started();
    const early = { startedAt: -2000, endedAt: -1000 };
    expect((await create({ trace: trace(early), spans: [span(early)] })).status).toBe(200);
  });

  test.each<[string, Fields]>([
    ['is its own parent', { parentReferenceId: 's2' }],
    ['names it twice', { traceId: 'trace_000000000000000000000000' }],
  ])('a span that follows its trace is refused where it %s', async (_name, overrides) => {
    const { create, add, sandbox } = await started();
    await create();
    expect(await add({ referenceId: 's2', ...overrides })).toMatchObject({
      status: 400,
      body: { error: { code: 'BAD_REQUEST' } },
    });
    expect(sandbox.adaline.totals()).toMatchObject({ spans: 1 });
  });

  test('a span that follows its trace may start before it: nothing documented forbids it', async () => {
    const { create, add } = await started();
    await create();
    expect((await add({ referenceId: 's2', startedAt: 999 })).status).toBe(200);
  });

  test('null for no spans is taken', async () => {
    const { create } = await started();
    expect(await create({ spans: null })).toMatchObject({ status: 200, body: { spanIds: [] } });
  });

  test('a span needs a trace that is there', async () => {
    const { add } = await started();
    expect((await add()).status).toBe(400);
    expect((await add({ traceReferenceId: undefined })).status).toBe(400);
  });
});

test('a key is needed, and the right one where there is one', async () => {
  const { call } = await started({ key: 'right' });
  expect((await call('GET', `/v2/logs?projectId=${projectId}`, undefined, 'wrong')).body).toMatchObject({
    error: { code: 'UNAUTHORIZED' },
  });
  expect((await call('GET', `/v2/logs?projectId=${projectId}`, undefined, 'right')).status).toBe(200);
});

test('larger bodies than documented get a 413, other addresses a 404', async () => {
  const { create, call } = await started();
  expect((await create({ spans: [span({ name: 'x'.repeat(32_000_000) })] })).status).toBe(413);
  expect((await call('GET', '/v2/nothing')).status).toBe(404);
});

test.each([
  ['GET', '/v2/logs/trace'],
  ['PATCH', '/v2/logs/trace'],
  ['GET', '/v2/logs/span'],
  ['POST', '/v2/logs'],
  ['GET', '/v2/logs/traces'],
  ['DELETE', '/v2/logs/spans'],
])("another method than the documented one gets a 405 in Adaline's shape: %s %s", async (method, path) => {
  const { call } = await started();
  expect(await call(method, path)).toMatchObject({
    status: 405,
    body: { error: { code: 'METHOD_NOT_ALLOWED', message: expect.any(String) } },
  });
  const older = await started({ adalineErrors: 'text' });
  expect((await older.call(method, path)).body).toEqual({ error: expect.any(String) });
});

describe('reading back', () => {
  const content = {
    type: 'Model',
    provider: 'openai',
    model: 'gpt-4o',
    input: '{}',
    output: '{"messages":[],"tokenUsage":{"promptTokens":3,"completionTokens":4,"totalTokens":7}}',
    cost: 0.5,
  };

  async function filled(options: Partial<SandboxOptions> = {}) {
    const { call, create } = await started(options);
    for (let at = 0; at < 5; at++) {
      await create({
        trace: trace({ referenceId: `t${at}`, startedAt: 1000 + at }),
        spans: [span({ referenceId: 's', startedAt: 1000 + at, content })],
      });
    }
    return call;
  }

  test('gives spans with their tokens and content as JSON text, of one reference id', async () => {
    const call = await filled();
    const { body } = await call('POST', '/v2/logs/traces', { projectId, referenceId: 't3' });
    expect(body['traces']).toMatchObject([{ referenceId: 't3', startedAt: 1003, totalCost: 0.5 }]);
    const [row] = Object((await call('POST', '/v2/logs/spans', { projectId, limit: 1 })).body['spans']);
    expect(row).toMatchObject({ promptTokens: 3, completionTokens: 4, totalTokens: 7, contentType: 'Model' });
    expect(JSON.parse(row.content)).toEqual(content);
  });

  test('gives a stream, whose output is no JSON, with the tokens of the output that was put together', async () => {
    const { call, create } = await started();
    const { output: aggregateOutput, ...model } = content;
    const stream = { ...model, type: 'ModelStream', output: 'data: {"delta"', aggregateOutput };
    await create({ spans: [span({ content: stream })] });
    const { status, body } = await call('POST', '/v2/logs/spans', { projectId });
    expect(status).toBe(200);
    expect(body['spans']).toMatchObject([{ promptTokens: 3, contentType: 'ModelStream' }]);
  });

  test('goes page by page, in the order that is asked for', async () => {
    const call = await filled();
    const seen: unknown[] = [];
    let cursor: unknown;
    do {
      const query = {
        projectId,
        limit: 2,
        sort: 'startedAt:asc',
        ...(cursor === undefined ? {} : { cursor }),
      };
      const { body } = await call('POST', '/v2/logs/traces', query);
      seen.push(...Object(body['traces']).map(({ startedAt }: Fields) => startedAt));
      cursor = Object(body['pagination'])['nextCursor'] ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual([1000, 1001, 1002, 1003, 1004]);
  });

  test('takes the same as a query, filters by time, and knows other projects apart', async () => {
    const call = await filled();
    const after = `/v2/logs?projectId=${projectId}&startedAfter=1002`;
    expect(Object((await call('GET', after)).body['traces'])).toHaveLength(2);
    const other = await call('POST', '/v2/logs/spans', { projectId: 'another-project-of-it' });
    expect(other.body).toMatchObject({ spans: [], pagination: { returned: 0, hasMore: false } });
  });

  test('calls every list data where the older documents are played', async () => {
    const call = await filled({ adalineErrors: 'text' });
    expect(Object((await call('POST', '/v2/logs/spans', { projectId })).body['data'])).toHaveLength(5);
  });

  test('takes filters as documented, and says that it does not heed them', async () => {
    const call = await filled();
    const search = async (filters: unknown) =>
      (await call('POST', '/v2/logs/spans', { projectId, filters })).status;
    expect([await search([]), await search('[]'), await search([{}]), await search('[{}]')]).toEqual([
      200, 200, 501, 501,
    ]);
    expect([
      await search('['),
      await search({}),
      await search(Array.from({ length: 21 }, () => ({}))),
    ]).toEqual([400, 400, 400]);
    expect((await call('GET', `/v2/logs?projectId=${projectId}&filters=%5B%5D`)).status).toBe(200);
  });

  test.each([{ limit: 201 }, { limit: 0 }, { projectId: undefined }, { unknown: 1 }])(
    'refuses %j',
    async (of) => {
      const call = await filled();
      expect((await call('POST', '/v2/logs/traces', { projectId, ...of })).status).toBe(400);
    },
  );
});
