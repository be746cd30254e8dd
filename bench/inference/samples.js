import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';

import { createProgram, makePlan, planOptions } from './engine.js';

/** @typedef {import('./known-trace.js').KnownFile} KnownFile */
/** @typedef {import('./known-trace.js').KnownTrace} KnownTrace */
/** @typedef {import('../../src/plan/plan.js').Plan} Plan */

/**
 * Not among the LLM and agent traces that the published figure is about. `zipkin`: calls between services, and nothing
 * of a language model. The others do not record who called whom: their source here makes the parents up from the order
 * of a conversation (`claude-code`, `codex`, `google-adk`), or the times in the file are placeholders (`braintrust`).
 */
const otherSources = new Set(['zipkin', 'google-adk', 'braintrust', 'claude-code', 'codex']);
/** Test data of tools for microservices: calls between services here too. */
const otherFiles = new Set([
  'jaegertracing_jaeger__ui_01.json',
  'johnnyzhoujz_Refinery__otlp_trace_tempo.json',
]);

/** Beside the exports, and none themselves. */
const descriptions = new Set(['README.md', 'EXPECTED.tsv']);

/**
 * The real exports with the parents that they name, one after another in the order of their paths. Nothing, and a
 * line that says so, where the folder is not there.
 *
 * @param {string} folder
 * @returns {Promise<KnownFile[]>}
 */
export async function knownSamples(folder) {
  if (!existsSync(folder)) {
    console.error(`No real exports are measured: ${folder} is not there.`);
    return [];
  }
  const names = await readdir(folder, { recursive: true });
  const stateFolder = await mkdtemp(path.join(os.tmpdir(), 'respan-import-bench-state-'));
  /** @type {KnownFile[]} */
  const files = [];
  try {
    for (const name of names.filter((name) => !descriptions.has(name)).toSorted()) {
      const file = path.join(folder, name);
      if (!(await stat(file)).isFile()) continue;
      const plan = await planOf(file, stateFolder);
      const source = plan.sourceNames[0] ?? 'unknown';
      files.push({
        name: path.basename(name),
        source,
        group: otherSources.has(source) || otherFiles.has(path.basename(name)) ? 'others' : 'agents',
        traces: knownTraces(plan),
      });
      plan.close();
    }
  } finally {
    await rm(stateFolder, { recursive: true, force: true });
  }
  return files;
}

/**
 * @param {Plan} plan
 * @returns {KnownTrace[]}
 */
function knownTraces(plan) {
  const { index } = plan;
  /** @type {Map<number, number[]>} */
  const traces = new Map();
  for (let span = 0; span < index.mentioned; span += 1) {
    if (!index.isDefined(span)) continue;
    const trace = index.traceOf(span);
    traces.set(trace, [...(traces.get(trace) ?? []), span]);
  }
  return [...traces.values()].map((spans) => knownTrace(plan, spans));
}

/**
 * @param {Plan} plan
 * @param {number[]} spans
 * @returns {KnownTrace}
 */
function knownTrace({ index, bodies }, spans) {
  // The numbers of spans tell which of them were named as parents first; only the rows' own order may be known.
  const rows = spans.toSorted(
    (one, other) =>
      index.lineOf(one) - index.lineOf(other) || index.location(one).offset - index.location(other).offset,
  );
  const positions = new Map(rows.map((span, row) => [span, row]));
  return rows.map((span) => {
    /** @type {Record<string, unknown>} */
    const body = JSON.parse(bodies.read(index.location(span)).toString());
    const parent = index.parentOf(span);
    return {
      name: textOf(body['span_name']),
      type: textOf(body['log_type']),
      workflow: textOf(body['span_workflow_name'] ?? body['trace_name']),
      parent: positions.get(parent),
      scored: index.mentioned <= parent || index.isDefined(parent),
      start: index.startOf(span),
      end: index.endOf(span),
    };
  });
}

/** @param {unknown} value */
function textOf(value) {
  return typeof value === 'string' ? value : '';
}

/**
 * The plan of an import of one file with the parents that it names, all else by default.
 *
 * @param {string} file
 * @param {string} stateFolder
 * @returns {Promise<Plan>}
 */
async function planOf(file, stateFolder) {
  /** @type {Plan[]} */
  const plans = [];
  const never = new AbortController().signal;
  const interrupts = { interrupt: never, abort: never, release() {} };
  const program = createProgram('benchmark', {
    async import(files, flags) {
      const options = await planOptions(files, flags, {
        env: {},
        stdin: () => Readable.from([]),
        interrupts,
      });
      plans.push(await makePlan(options, () => {}));
    },
    async explain() {},
    async formats() {},
    async sandbox() {},
    async tree() {},
  });
  await program.parseAsync([file, '--infer-parents', 'never', '--state-dir', stateFolder], { from: 'user' });
  const [plan] = plans;
  if (plan === undefined) throw new Error(`${file} was not planned`);
  return plan;
}
