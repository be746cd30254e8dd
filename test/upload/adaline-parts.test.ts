import fc from 'fast-check';
import { expect, test } from 'vitest';

import { referenceIdOf } from '../../src/targets/adaline/reference-id.js';
import type { Target } from '../../src/targets/target.js';
import { traceLimits } from '../../src/upload/batch-limits.js';
import { adalineGateway } from '../support/adaline-gateway.js';
import { plannedTrace } from '../targets/adaline/arbitraries.js';
import { project, target, traceRows } from './adaline-job.js';
import { ImportJob, type Row } from './import-job.js';

/** A destination that takes so little in a request that all but the first spans of a trace go by themselves. */
function narrow(): Target {
  const { traces, ...rest } = target();
  return { ...rest, traces: { ...traces!, mostBytes: 1 } };
}

/** What a destination holds after imports of growing beginnings of the rows, by reference id. */
async function stored(to: Target, ...inputs: readonly (readonly Row[])[]): Promise<Map<unknown, unknown>> {
  const gateway = await adalineGateway();
  try {
    const job = new ImportJob(gateway.url, []);
    const limits = traceLimits({}, [], to.traces!.mostBytes);
    for (const rows of inputs) {
      job.write(rows);
      await job.run({ target: to, limits });
    }
    const spans = gateway.sandbox.adaline.spansOf({ projectId: project });
    return new Map(
      spans.map(({ fields: { traceReferenceId: _trace, ...fields } }) => [fields.referenceId, fields]),
    );
  } finally {
    await gateway.close();
  }
}

test('the spans of a trace are the same, whether it is sent whole or in parts', async () => {
  await fc.assert(
    fc.asyncProperty(plannedTrace, async (spans) => {
      expect(await stored(narrow(), spans)).toEqual(await stored(target(), spans));
    }),
    { numRuns: 20 },
  );
});

test('what comes later to a trace is as if the trace were sent whole', async () => {
  await fc.assert(
    fc.asyncProperty(plannedTrace, fc.nat(4), async (spans, count) => {
      const before = spans.slice(0, count);
      // Adaline changes no span that it has.
      const known = new Set<unknown>(before.map(({ span_unique_id: id }) => referenceIdOf(id)));
      const whole = await stored(target(), spans);
      const parts = await stored(target(), before, spans);
      expect(new Set(parts.keys())).toEqual(new Set(whole.keys()));
      const later = (all: Map<unknown, unknown>) => [...all].filter(([id]) => !known.has(id));
      expect(new Map(later(parts))).toEqual(new Map(later(whole)));
    }),
    { numRuns: 20 },
  );
});

test('a span that goes by itself has the session of its trace, and leads the spans that follow it', async () => {
  const [root, step, inner] = traceRows('cut', 2);
  const rows = [
    { ...root, session_identifier: 'session of the root' },
    { ...step, session_identifier: 'its own' },
    { ...inner, span_parent_id: 'cut-1' },
  ];
  const spans = await stored(narrow(), rows);
  expect(spans.get('cut-1')).toMatchObject({
    sessionId: 'session of the root',
    content: { type: 'Function' },
  });
  expect(spans.get('cut-2')).toMatchObject({ sessionId: 'session of the root', content: { type: 'Other' } });
});
