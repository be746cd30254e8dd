import { gzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { makePlan } from '../../src/plan/plan.js';
import {
  csv,
  file,
  jsonl,
  outcomeOf,
  planOf,
  planOptions,
  sentSpans,
  span,
  type Planned,
} from './make-plan.js';

const orphan = span({ span_unique_id: 'orphan', span_parent_id: 'missing', output: 'ü' });
const below = span({ span_unique_id: 'below', span_parent_id: 'orphan' });
const rejecting = { orphans: 'reject' } as const;

/** The bytes of the rejected rows as text; undefined for a row that could not be read again. */
function rejectedTexts({ events }: Planned): (string | undefined)[] {
  return events.flatMap((event) => (event.kind === 'row-rejected' ? [event.bytes?.toString()] : []));
}

function rejectedSpans({ events }: Planned): unknown[] {
  return events.flatMap((event) => {
    if (event.kind !== 'span-rejected') return [];
    const body: unknown = JSON.parse(event.body.toString());
    return [body];
  });
}

describe('rows of rejected spans', () => {
  it('are told as they stand in their inputs, in the order of reading', async () => {
    const first = jsonl([span(), below, orphan]);
    const second = JSON.stringify(
      [orphan, { ...below, model: 'm' }, span({ trace_unique_id: 'other' })],
      null,
      1,
    );
    const third = csv(Object.keys(orphan), [orphan]);
    const planned = await planOf([file(first), file(second), file(third)], rejecting);
    expect(planned.plan.counts).toMatchObject({
      read: 7,
      used: 2,
      rejected: 5,
      merged: 0,
      duplicate: 0,
      rejectedByCode: { parent_rejected: 2, orphan_parent: 3 },
    });
    expect(planned.rejects.map(([code, place]) => [code, place.split(':').slice(0, 2).join(':')])).toEqual([
      ['parent_rejected', '0:2'],
      ['orphan_parent', '0:3'],
      ['orphan_parent', '1:2'],
      ['parent_rejected', '1:10'],
      ['orphan_parent', '2:2'],
    ]);
    const texts = rejectedTexts(planned);
    expect(texts.slice(0, 4).map((text): unknown => JSON.parse(text ?? ''))).toEqual([
      below,
      orphan,
      orphan,
      { ...below, model: 'm' },
    ]);
    expect(texts[4]).toBe(third.split('\n')[1]);
    expect(sentSpans(planned.plan)).toHaveLength(2);
    expect(rejectedSpans(planned)).toEqual([]);
  });

  it.each([false, true])('leave their span where they cannot be read again, dry run %s', async (dryRun) => {
    const packed = gzipSync(jsonl([orphan, { ...orphan, model: 'm' }, span(), below]));
    const planned = await planOf([file(packed)], { ...rejecting, dryRun });
    expect(planned.plan.counts).toMatchObject({ used: 1, rejected: 3, merged: 0 });
    expect(planned.rejects.map(([, place]) => place.slice(0, 3))).toEqual(['0:1', '0:2', '0:4']);
    expect(rejectedTexts(planned)).toEqual([undefined, undefined, undefined]);
    expect(rejectedSpans(planned)).toEqual([{ ...orphan, model: 'm' }, below]);
  });

  it('leave the span of a pipe and the row of a file where both gave it', async () => {
    const options = { ...rejecting, stdin: () => Readable.from([jsonl([orphan])]), dryRun: true };
    const columns = Object.keys(orphan);
    const planned = await planOf([file(csv(columns, [orphan])), '-'], options);
    expect(planned.plan.counts).toMatchObject({ used: 0, rejected: 2, duplicate: 0 });
    expect(rejectedTexts(planned).map((text) => text === undefined)).toEqual([false, true]);
    expect(rejectedSpans(planned)).toEqual([orphan]);
  });

  it('that were rejected when they were read are not rejected twice', async () => {
    const request = {
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [
                otlpSpan('01', undefined),
                { ...otlpSpan('02', '01'), startTimeUnixNano: 'soon' },
                otlpSpan('03', '02'),
              ],
            },
          ],
        },
      ],
    };
    const planned = await planOf([file(jsonl([request]))], { ...rejecting, source: 'otlp' });
    expect(planned.plan.counts).toMatchObject({ read: 1, used: 0, rejected: 1 });
    expect(planned.plan.counts.rejectedByCode).toEqual({ bad_time: 1 });
    expect(sentSpans(planned.plan)).toMatchObject([{ span_unique_id: '0000000000000001' }]);
  });

  it('of many spans are rejected once, and their good spans stay', async () => {
    const spans = [
      otlpSpan('01', undefined),
      otlpSpan('02', '01'),
      otlpSpan('03', '99'),
      otlpSpan('04', '03'),
      otlpSpan('05', '98'),
    ];
    const request = { resourceSpans: [{ scopeSpans: [{ spans }] }] };
    const path = file(jsonl([request]));
    const planned = await planOf([path], { ...rejecting, source: 'otlp' });
    expect(planned.plan.counts).toMatchObject({ read: 1, used: 0, rejected: 1 });
    expect(sentSpans(planned.plan)).toHaveLength(2);
    expect(rejectedTexts(planned)).toEqual([JSON.stringify(request.resourceSpans[0])]);
    const rehearsed = await planOf([path], { ...rejecting, source: 'otlp', dryRun: true });
    expect(outcomeOf(rehearsed)).toEqual(outcomeOf(planned));
  });

  it('are not looked for in traces that were left out', async () => {
    const rows = [
      orphan,
      {
        ...orphan,
        trace_unique_id: 'late',
        start_time: '2025-06-07T00:00:00Z',
        timestamp: '2025-06-07T00:00:00Z',
      },
    ];
    const since = Date.UTC(2025, 5, 6) * 1000;
    const { plan } = await planOf([file(jsonl(rows))], {
      ...rejecting,
      selection: { since, until: undefined, sample: undefined },
    });
    expect(plan.counts).toMatchObject({
      read: 2,
      used: 0,
      rejected: 1,
      skippedByReason: { before_since: 1 },
    });
  });

  it('are told as they were, whatever flags do to what is sent', async () => {
    const rows = [span(), orphan];
    const planned = await planOf([file(jsonl(rows))], {
      ...rejecting,
      privacy: { drop: ['output'], hash: [], redact: [] },
      rewrite: { remapSeed: 'seed', shiftTo: Date.UTC(2025, 6, 1) * 1000, provenance: 'run' },
    });
    expect(rejectedTexts(planned)).toEqual([JSON.stringify(orphan)]);
    expect(sentSpans(planned.plan)).toMatchObject([{ metadata: { 'import.run': 'run' } }]);
    expect(planned.plan.index.defined).toBe(1);
  });

  it('count for --max-errors', async () => {
    const path = file(jsonl([span(), orphan, below]));
    const { plan } = await planOf([path], { ...rejecting, maxErrors: { kind: 'count', count: 1 } });
    expect(plan.stopped).toMatchObject({ code: 'too_many_errors', exitCode: 3 });
  });

  it('stop the run where the input is no longer what was read', async () => {
    const path = file(jsonl([orphan]));
    const options = planOptions([path], rejecting);
    const plan = makePlan(options, (event) => {
      if (event.kind === 'rows-read') writeFileSync(path, jsonl([{ ...orphan, output: 'x' }]));
    });
    await expect(plan).rejects.toMatchObject({ code: 'input_changed' });
  });

  it('are given up where the run is interrupted', async () => {
    const interrupt = new AbortController();
    const options = planOptions([file(jsonl([orphan]))], { ...rejecting, interrupt: interrupt.signal });
    const plan = makePlan(options, (event) => {
      if (event.kind === 'rows-read') interrupt.abort();
    });
    await expect(plan).rejects.toMatchObject({ code: 'interrupted' });
  });
});

function otlpSpan(id: string, parent: string | undefined): Record<string, unknown> {
  return {
    traceId: '5b8efff798038103d269b633813fc60c',
    spanId: id.padStart(16, '0'),
    ...(parent === undefined ? {} : { parentSpanId: parent.padStart(16, '0') }),
    name: 'step',
    startTimeUnixNano: '1749117600000000000',
    endTimeUnixNano: '1749117601000000000',
  };
}
