import { readdirSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, test } from 'vitest';

import type { Span } from '../../../src/span/span.js';
import { logTraceOf } from '../../../src/targets/adaline/log-trace.js';
import { spansByTrace } from '../../../src/trace/order.js';
import { file, jsonl, planOf } from '../../plan/make-plan.js';
import { samplesAreMissing, samplesFolder } from '../../sources/import-sample.js';
import { exported } from '../../support/adaline-export.js';
import { brokenRules } from './rules.js';
import { adalineOptions, asRestored } from './factories.js';

function samples(): string[] {
  if (samplesAreMissing) return [];
  return readdirSync(samplesFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readdirSync(path.join(samplesFolder, name)).map((each) => path.join(name, each)));
}

async function spansIn(files: string[]): Promise<Span[][]> {
  const { plan } = await planOf(files, { inference: { mode: 'never', minConfidence: 0 } });
  return [...spansByTrace(plan.index)].map((trace) => trace.map((span) => plan.spanOf(span)));
}

function byId(spans: readonly Span[]): Map<string, Span> {
  return new Map(spans.map((span) => [`${span.trace_unique_id} ${span.span_unique_id}`, span]));
}

describe.skipIf(samplesAreMissing)('real exports, sent to Adaline and back (needs ../shared/samples)', () => {
  test.each(samples())('%s', async (name) => {
    const traces = await spansIn([path.join(samplesFolder, name)]);
    const requests = traces.map((spans) => logTraceOf(spans, adalineOptions()));
    expect(requests.flatMap(brokenRules)).toEqual([]);
    const { traces: traceRows, spans: spanRows } = exported(requests);
    const back = await spansIn([
      file(jsonl(spanRows), 'spans.jsonl'),
      file(jsonl(traceRows), 'traces.jsonl'),
    ]);
    const sent = requests.map((request, index) =>
      request.positions.map((position, place) =>
        asRestored(traces[index]![position]!, request.spans[place]!),
      ),
    );
    expect(byId(back.flat())).toEqual(byId(sent.flat()));
  });
});
