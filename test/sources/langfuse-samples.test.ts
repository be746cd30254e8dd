import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { langfuse } from '../../src/sources/langfuse.js';
import { decodeText } from '../../src/sources/langfuse-observation.js';
import { isObject } from '../../src/span/text.js';
import { importWith, samplesAreMissing, samplesFolder } from './import-sample.js';
import { lostScalars } from './lost-scalars.js';

interface Observation {
  id: string;
  traceId: string;
  parentObservationId?: string | null;
  type: string;
  name: string;
  model?: string | null;
  providedModelName?: string;
  usageDetails?: Record<string, number>;
  outputUsage?: number;
  inputTokens?: number;
  outputTokens?: number;
  totalCost?: number | null;
}

const expected = samplesAreMissing ? '' : readFileSync(path.join(samplesFolder, 'EXPECTED.tsv'), 'utf8');

/** Counts of an independent reader: file, spans, distinct ids, traces, roots, orphans. */
const samples = expected
  .split('\n')
  .filter((line) => line.startsWith('langfuse\t'))
  .map((line) => {
    const [, file = '', , counts = ''] = line.split('\t');
    const [spans, distinct, traces, roots, orphans] = ['spans', 'distinct', 'traces', 'roots', 'orphans'].map(
      (name) => Number(new RegExp(` ?${name}=(\\d+)`).exec(counts)?.[1]),
    );
    return { file, spans, distinct, traces, roots, orphans };
  });

function read(file: string): unknown {
  return JSON.parse(readFileSync(path.join(samplesFolder, 'langfuse', file), 'utf8'));
}

function observationsOf(document: unknown): Observation[] {
  const holder: { observations: Observation[] } = Array.isArray(document) ? document[0] : document;
  return holder.observations;
}

/** The value without the quotes of texts that are JSON-encoded once more, and without the copies in the trace. */
function unquoted(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => unquoted(item));
  if (!isObject(value)) return decodeText(value);
  const entries = Object.entries(value).filter(([key]) => !(name === 'trace' && key === 'observations'));
  return Object.fromEntries(entries.map(([key, item]) => [key, unquoted(item, key)]));
}

describe.skipIf(samplesAreMissing)(
  'real downloads of Langfuse (skipped where ../shared/samples is absent)',
  () => {
    it('are all there', () => {
      expect(samples).toHaveLength(14);
    });

    describe.each(samples)('$file', ({ file, spans: count, distinct, traces, roots, orphans }) => {
      const sample = path.join(samplesFolder, 'langfuse', file);

      it('gives the spans, traces, roots and orphans that another reader counted', async () => {
        const { spans, rejected, skipped, ...imported } = await importWith(langfuse, sample);
        expect(spans).toHaveLength(count ?? NaN);
        expect(new Set(spans.map((span) => span.span_unique_id)).size).toBe(distinct);
        expect(imported).toMatchObject({ traces, roots, orphans });
        expect({ rejected, skipped }).toEqual({ rejected: [], skipped: {} });
      });

      it('keeps parents, names, models, token counts and costs', async () => {
        const { spans } = await importWith(langfuse, sample);
        const found = spans.map((span) => ({
          id: span.span_unique_id,
          trace: span.trace_unique_id,
          parent: span.span_parent_id ?? null,
          name: span['span_name'],
          model: span['model'],
          tokens: [span['prompt_tokens'], span['completion_tokens']],
          // Where nothing was priced the export says 0 beside no details of it.
          cost: span['cost'] ?? 0,
        }));
        const told = observationsOf(read(file)).map((each) => {
          const measured = Object.keys(each.usageDetails ?? {}).length > 0;
          return {
            id: each.id,
            trace: each.traceId,
            parent: each.parentObservationId ?? null,
            name: each.name === '' ? undefined : each.name,
            model: each.model ?? each.providedModelName,
            tokens: measured
              ? [each.usageDetails?.['input'], each.usageDetails?.['output'] ?? each.outputUsage]
              : [each.inputTokens, each.outputTokens],
            cost: each.totalCost ?? 0,
          };
        });
        expect(found).toEqual(told);
      });

      it('loses nothing but zeros beside empty details, of an observation in its own span', async () => {
        const { spans } = await importWith(langfuse, sample);
        const document = read(file);
        const zeros = /^(?:observations\.)*(?:input|output|total)(?:Usage|Cost)=0$/;
        const lost = (rows: unknown, within: typeof spans): string[] =>
          lostScalars([unquoted(rows)], within).filter((each) => !zeros.test(each));
        expect(lost(document, spans)).toEqual([]);
        for (const observation of observationsOf(document)) {
          const own = spans.filter((span) => span.span_unique_id === observation.id);
          expect(lost(observation, own)).toEqual([]);
        }
      });

      it('is recognised', () => {
        const document = read(file);
        const rows = Array.isArray(document) ? document : [document];
        expect(langfuse.detect(rows).agreeing).toBe(rows.length);
      });
    });
  },
);
