import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { planOf } from '../plan/make-plan.js';
import { samplesAreMissing, samplesFolder } from './import-sample.js';

interface Sample {
  format: string;
  file: string;
  /** What an independent reader counted; of rows where it does not speak of spans. */
  expected: string;
}

/** Where the tree is another one than the raw rows show, and why. */
const afterMerging: Readonly<Record<string, { roots: number; orphans: number }>> = {
  // Two rows share one id, and the parent of the second is taken from its own trace.
  'jaegertracing_jaeger__ui_01.json': { roots: 1, orphans: 0 },
  // Start and end events of one span: its root was counted twice.
  'raaf-ai_raaf__traces.jsonl': { roots: 8, orphans: 0 },
  // The same span twice.
  'jaegertracing_jaeger__otlp2jaeger-in.json': { roots: 0, orphans: 1 },
};

/** The source that reads a folder of samples; the rest are called as their folder. */
const sourceOfFolder: Readonly<Record<string, string>> = {
  adk: 'google-adk',
  'otel-sdk-json': 'otel-sdk',
  'otlp-json': 'otlp',
  'vercel-ai-sdk': 'otel-sdk',
};

function readSamples(): Sample[] {
  if (samplesAreMissing) return [];
  const table = readFileSync(path.join(samplesFolder, 'EXPECTED.tsv'), 'utf8').trimEnd().split('\n').slice(1);
  return table
    .map((line) => line.split('\t'))
    .map(([format = '', file = '', , expected = '']) => ({ format, file, expected }))
    .filter(({ format, file }) => existsSync(path.join(samplesFolder, format, file)));
}

function numberAfter(text: string, name: string): number | undefined {
  const match = new RegExp(`\\b${name}=(\\d+)`).exec(text);
  return match === null ? undefined : Number(match[1]);
}

/** The numbers of EXPECTED.tsv that a plan has too. */
function wanted({ format, file, expected }: Sample): Record<string, number> {
  const rows = /^(\d+) rows(?!.*spans=)/.exec(expected)?.[1];
  // Patches and notes are rows without a span of their own.
  const isSpanARow = rows !== undefined && format !== 'braintrust' && format !== 'codex';
  const names = ['distinct', 'traces', 'roots', 'orphans'] as const;
  const counted = names.flatMap((name) => {
    const number = numberAfter(expected, name);
    return number === undefined ? [] : [[name, number] as const];
  });
  return {
    ...(isSpanARow ? { distinct: Number(rows) } : {}),
    ...Object.fromEntries(counted),
    ...afterMerging[file],
  };
}

const table: string[] = [];
afterAll(() => {
  // oxlint-disable-next-line no-console -- The table is what the test is for.
  if (table.length > 0) console.log(table.join('\n'));
});

describe.skipIf(samplesAreMissing)('real exports, recognised and planned (needs ../shared/samples)', () => {
  test.each(readSamples())('$format/$file', async ({ format, file, expected }) => {
    const { plan } = await planOf([path.join(samplesFolder, format, file)]);
    const got = {
      distinct: plan.index.defined,
      traces: new Set(
        Array.from({ length: plan.index.mentioned }, (_, span) => span)
          .filter((span) => plan.index.isDefined(span))
          .map((span) => plan.index.traceOf(span)),
      ).size,
      roots: plan.parents.roots,
      orphans: plan.parents.orphans,
    };
    const isDataset = file.includes('dataset_export');
    expect(plan.sourceNames).toEqual([isDataset ? 'generic' : (sourceOfFolder[format] ?? format)]);
    expect(plan.counts.rejected).toBe(0);
    expect(plan.counts.read).toBe(
      plan.counts.used + Object.values(plan.counts.skippedByReason).reduce((sum, n) => sum + n, 0),
    );
    expect(got).toMatchObject(wanted({ format, file, expected }));
    table.push(
      `${format}/${file}: ${plan.sourceNames[0]}, ${plan.counts.read} rows, ${got.distinct} spans, ${got.traces} traces, ${got.roots} roots, ${got.orphans} orphans`,
    );
    plan.close();
  });
});
