import { describe, expect, it } from 'vitest';

import { csv, file, jsonl, planOf, sentSpans } from './make-plan.js';

const filler = 'long enough to be looked for in the row, '.repeat(12);
const row = { trace_id: 't', id: 's', created_at: '2025-06-05T10:00:00Z', prompt: 'p' };
const half = '\ud83d';
const repaired = '\ufffd';

async function sent(content: string) {
  const { plan, warnings } = await planOf([file(content)]);
  const [span] = sentSpans(plan);
  return { source: plan.sourceNames[0], output: span?.['output'], warnings: warnings.map(([code]) => code) };
}

describe('half of a character in a row that is mapped', () => {
  it.each([
    ['a short row', half],
    ['a long one', half + filler],
  ])('becomes U+FFFD in %s, and is told', async (_, answer) => {
    expect(await sent(jsonl([{ ...row, response: answer }]))).toEqual({
      source: 'generic',
      output: answer.replace(half, repaired),
      warnings: ['lone_surrogate'],
    });
  });

  it('becomes U+FFFD in a JSON text in JSON, once it is read', async () => {
    const messages = JSON.stringify([{ role: 'user', content: half + filler }]);
    const { plan, warnings } = await planOf([file(jsonl([{ ...row, messages }]))]);
    expect(sentSpans(plan)[0]?.['prompt_messages']).toEqual([{ role: 'user', content: repaired + filler }]);
    expect(warnings.map(([code]) => code)).toEqual(['lone_surrogate']);
  });

  it('becomes U+FFFD in a JSON text in a cell, once it is read', async () => {
    const record = { ...row, messages: JSON.stringify([{ role: 'user', content: half }]) };
    const { plan, warnings } = await planOf([file(csv(Object.keys(record), [record]), 'rows.csv')]);
    expect(sentSpans(plan)[0]?.['prompt_messages']).toEqual([{ role: 'user', content: repaired }]);
    expect(warnings.map(([code]) => code)).toEqual(['lone_surrogate']);
  });

  it('is not seen in whole characters, escaped or not', async () => {
    const answer = `🙂${filler}`;
    const escaped = jsonl([{ ...row, response: answer }]).replace('🙂', String.raw`\ud83d\ude42`);
    for (const content of [escaped, jsonl([{ ...row, response: answer }])])
      expect(await sent(content)).toEqual({ source: 'generic', output: answer, warnings: [] });
  });
});
