import { expect, test } from 'vitest';

import { makePlan } from '../../src/plan/plan.js';
import type { ImportEvent } from '../../src/report/events.js';
import { target, traceRows } from '../upload/adaline-job.js';
import { eventsOf } from '../upload/import-job.js';
import { file, jsonl, planOptions } from './make-plan.js';

/** Two megabytes in each of five traces. */
const rows = ['a', 'b', 'c', 'd', 'e'].flatMap((id) => traceRows(id, 4, { output: 'x'.repeat(500_000) }));

test('an interrupt ends the check, which gives way to it between large traces', async () => {
  const interrupting = new AbortController();
  const events: ImportEvent[] = [];
  const onEvent = (event: ImportEvent): void => {
    events.push(event);
    // As a signal does: later, when the loop gives way.
    if (event.kind === 'spans-checked') setImmediate(() => interrupting.abort());
  };
  const options = { checkTrace: target().traces?.check, interrupt: interrupting.signal };
  await expect(makePlan(planOptions([file(jsonl(rows))], options), onEvent)).rejects.toMatchObject({
    code: 'interrupted',
    exitCode: 130,
  });
  const checked = eventsOf(events, 'spans-checked');
  expect(checked[0]).toMatchObject({ totalSpans: 25 });
  expect(checked.length).toBeLessThan(5);
});
