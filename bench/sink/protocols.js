/**
 * @typedef {object} Protocol One way of handing over spans.
 * @property {(path: string) => boolean} speaks
 * @property {(body: Buffer) => number} count Spans in a body. Nothing is parsed: a key that every span has exactly once is
 *   searched for. Inside a JSON string the quotes around the key would be escaped, so user data that mentions it is not
 *   counted.
 * @property {number} [status] 200, where it is not told.
 * @property {(spans: number) => object} answer
 */

const uuidLength = 36;
const quote = 0x22;

/** @type {readonly Protocol[]} */
const protocols = [
  {
    speaks: (path) => path === '/v1/traces/ingest',
    count: counting('"span_unique_id"'),
    answer: (spans) => ({
      status: 'ok',
      ingested_spans: spans,
      created_traces: 0,
      trace_ids: [],
      errors: [],
    }),
  },
  {
    // OTLP/HTTP, JSON.
    speaks: (path) => path === '/v1/traces',
    count: counting('"spanId"'),
    answer: () => ({ partialSuccess: {} }),
  },
  {
    // LangSmith: a part for a run, and parts such as `post.<uuid>.inputs` for what is large in it.
    speaks: (path) => path === '/runs/multipart',
    count: (body) => count(body, 'name="post.', (at) => body[at + uuidLength] === quote),
    status: 202,
    answer: () => ({}),
  },
  {
    speaks: (path) => path === '/runs/batch',
    count: counting('"dotted_order"'),
    status: 202,
    answer: () => ({}),
  },
  {
    // Langfuse: traces are events of their own and no spans.
    speaks: (path) => path === '/api/public/ingestion',
    count: (body) => count(body, '"type":"span-create"') + count(body, '"type":"generation-create"'),
    status: 207,
    answer: () => ({ successes: [], errors: [] }),
  },
  {
    // Elasticsearch: lines of actions and documents, which hold native rows here.
    speaks: (path) => /(?:^|\/)_bulk$/.test(path),
    count: counting('"span_unique_id"'),
    answer: (spans) => ({ took: 1, errors: false, items: Array.from({ length: spans }, () => created) }),
  },
];

const created = { index: { _index: 'spans', _id: '0', _version: 1, result: 'created', status: 201 } };

/** What clients ask before they send, by path. @type {ReadonlyMap<string, object>} */
const questions = new Map([
  [
    '/info',
    {
      version: '0.12.0',
      instance_flags: { gzip_body_enabled: false },
      batch_ingest_config: {
        use_multipart_endpoint: true,
        scale_up_qsize_trigger: 1000,
        scale_up_nthreads_limit: 16,
        scale_down_nempty_trigger: 4,
        size_limit: 100,
        size_limit_bytes: 20_971_520,
      },
    },
  ],
  [
    '/',
    { name: 'sink', version: { number: '9.0.0', build_flavor: 'default' }, tagline: 'You Know, for Search' },
  ],
]);

/**
 * What the sink makes of a request: how many spans it counted, and its answer. A path that nobody speaks is answered
 * with 404, so that a client that goes astray shows.
 *
 * @param {string} method
 * @param {string} path Without a query.
 * @param {Buffer} body
 * @returns {{ spans: number, status: number, answer: object }}
 */
export function answerTo(method, path, body) {
  const question = method === 'GET' || method === 'HEAD' ? questions.get(path) : undefined;
  if (question !== undefined) return { spans: 0, status: 200, answer: question };
  const protocol = protocols.find(({ speaks }) => speaks(path));
  if (protocol === undefined) return { spans: 0, status: 404, answer: { error: `nothing at ${path}` } };
  const spans = protocol.count(body);
  return { spans, status: protocol.status ?? 200, answer: protocol.answer(spans) };
}

/** @param {string} key */
function counting(key) {
  return (/** @type {Buffer} */ body) => count(body, key);
}

/**
 * @param {Buffer} body
 * @param {string} key
 * @param {(end: number) => boolean} [isOne] Given the place behind a key.
 */
function count(body, key, isOne = () => true) {
  const needle = Buffer.from(key);
  let found = 0;
  for (let at = body.indexOf(needle); at !== -1; at = body.indexOf(needle, at + needle.length)) {
    if (isOne(at + needle.length)) found += 1;
  }
  return found;
}
