import path from 'node:path';

/**
 * @typedef {import('./contestant.js').Contestant} Contestant
 *
 * @typedef {object} Peer What a user would pick instead.
 * @property {Contestant} contestant
 * @property {number} [atLeast] How many times as fast an import has to be; none where it is only shown.
 * @property {boolean} [inTwo] It uses two threads itself: only an import with two plan workers is held against it.
 */

/**
 * @param {string} name
 * @param {string} file Of the script.
 * @param {Partial<Contestant> & { variant?: string }} facts
 * @returns {Contestant}
 */
function peer(name, file, { variant, ...facts }) {
  return {
    name,
    delivers: true,
    mayLose: true,
    script: new URL(`../peers/${file}`, import.meta.url),
    arguments: ({ input, url }) => [input.path, url, ...(variant === undefined ? [] : [variant])],
    ...facts,
  };
}

const openTelemetry = [
  '@opentelemetry/api@1',
  '@opentelemetry/sdk-trace-base@2',
  '@opentelemetry/exporter-trace-otlp-http@0',
];

export const documentedScript = peer('documented script', 'documented-script.js', {});

/** @type {Peer[]} */
export const peers = [
  { contestant: documentedScript, atLeast: 3 },
  {
    contestant: peer('OpenTelemetry SDK, plain', 'opentelemetry.js', {
      packages: openTelemetry,
      variant: 'plain',
    }),
  },
  {
    contestant: peer('OpenTelemetry SDK, flushed by hand', 'opentelemetry.js', {
      packages: openTelemetry,
      variant: 'flushed',
    }),
    atLeast: 3,
  },
  {
    contestant: peer('elasticsearch bulk helper', 'elasticsearch.js', {
      packages: ['@elastic/elasticsearch@9', 'split2@4'],
    }),
    atLeast: 3,
  },
  { contestant: peer('Langfuse client', 'langfuse.js', { packages: ['langfuse@3'] }), atLeast: 10 },
  { contestant: peer('LangSmith client', 'langsmith.js', { packages: ['langsmith@0'] }), atLeast: 10 },
  {
    contestant: peer('syslog-ng, raw lines', 'syslog-ng.js', { tools: ['syslog-ng'], variant: 'raw' }),
    atLeast: 1,
    inTwo: true,
  },
  {
    contestant: peer('syslog-ng, JSON parsed', 'syslog-ng.js', { tools: ['syslog-ng'], variant: 'parsed' }),
  },
  { contestant: peer('split + curl', 'split-curl.js', { tools: ['split', 'paste', 'curl'] }) },
  { contestant: peer('jq + split + curl', 'jq-split-curl.js', { tools: ['jq', 'split', 'curl'] }) },
  {
    contestant: peer('elasticdump', '', {
      packages: ['elasticdump@6'],
      script: (folder) => path.join(folder, 'node_modules/elasticdump/bin/elasticdump'),
      arguments: ({ input, url }) => [
        `--input=${input.path}`,
        `--output=${url}/spans`,
        '--type=data',
        '--limit=500',
        '--noRefresh',
        '--transform=doc._source=Object.assign({},doc)',
        '--quiet',
      ],
    }),
  },
];
