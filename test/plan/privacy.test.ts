import { expect, test } from 'vitest';

import type { PrivacyRules } from '../../src/span/privacy.js';
import { csv, file, jsonl, outcomeOf, planOf, sentSpans, span } from './make-plan.js';

function privacy(overrides: Partial<PrivacyRules> = {}): PrivacyRules {
  return { drop: [], hash: [], redact: [], ...overrides };
}

const exactBytes = (row: Record<string, unknown>): string => `${JSON.stringify(row).replace(',', ' , ')}\n`;

test('a native row that no rule touches passes byte for byte, the others are written anew', async () => {
  const rows = [
    span({ span_unique_id: 'a', input: 'hello', span_parent_id: null }),
    span({ span_unique_id: 'b', input: 'my secret', span_parent_id: 'a' }),
  ];
  const content = rows.map(exactBytes).join('');
  const { plan } = await planOf([file(content)], { privacy: privacy({ redact: [/secret/gu] }) });
  const kinds = [0, 1].map((number) => plan.index.location(number).kind);
  expect(kinds).toEqual(['input', 'spool']);
  expect(sentSpans(plan)).toEqual([rows[0], { ...rows[1], input: 'my [redacted]' }]);
  expect(plan.counts.notes).toEqual({ redacted: 1 });
});

test('a touched row keeps the digits of its large numbers', async () => {
  const content = `{"trace_unique_id":"t","span_unique_id":"s","input":"secret","metadata":{"n":12345678901234567890}}\n`;
  const { plan } = await planOf([file(content)], { privacy: privacy({ redact: [/secret/gu] }) });
  expect(sentSpans(plan)).toMatchObject([{ metadata: { n: '12345678901234567890' } }]);
});

const idsOf = (spans: Record<string, unknown>[]): unknown[] => spans.map(({ span_unique_id: id }) => id);

test('rules change no generated id', async () => {
  const rows = [
    { prompt: 'hello', user_email: 'a@b.c', timestamp: '2025-06-05T10:00:00Z' },
    { prompt: 'hello', user_email: 'd@e.f', timestamp: '2025-06-05T10:00:00Z' },
  ];
  const path = file(jsonl(rows));
  const open = await planOf([path]);
  const hidden = await planOf([path], { privacy: privacy({ redact: [/.@../gu] }) });
  expect(idsOf(sentSpans(hidden.plan))).toEqual(idsOf(sentSpans(open.plan)));
  expect(JSON.stringify(sentSpans(hidden.plan))).not.toMatch(/@/);
});

test('the parts of a span that several rows tell are all protected', async () => {
  const rows = [span({ input: 'secret' }), span({ output: 'secret' })];
  const { plan } = await planOf([file(jsonl(rows))], { privacy: privacy({ redact: [/secret/gu] }) });
  expect(sentSpans(plan)).toMatchObject([{ input: '[redacted]', output: '[redacted]' }]);
  expect(plan.counts).toMatchObject({ merged: 1, notes: { redacted: 2 } });
});

test('a dry run tells the same as an import, also where rows merge', async () => {
  const columns = ['prompt', 'response', 'customer_email', 'trace_id', 'span_id'];
  const rows = [
    { prompt: 'secret', customer_email: 'a@b.c', trace_id: 't', span_id: '1' },
    { response: 'secret', customer_email: 'a@b.c', trace_id: 't', span_id: '1' },
    { prompt: 'secret', trace_id: 't', span_id: '2' },
  ];
  const path = file(csv(columns, rows));
  const rules = privacy({ redact: [/secret/gu], hash: ['customer_email', 'metadata.customer_email'] });
  const imported = await planOf([path], { privacy: rules });
  const rehearsed = await planOf([path], { privacy: rules, dryRun: true });
  expect(outcomeOf(rehearsed)).toEqual(outcomeOf(imported));
  expect(JSON.stringify(sentSpans(imported.plan))).not.toMatch(/secret|a@b/);
});
