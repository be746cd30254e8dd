import { describe, expect, test } from 'vitest';
import { generic } from '../../src/sources/generic.js';
import { mapContext } from './map-context.js';

function draftOf(row: Record<string, unknown>) {
  const mapped = generic.map(row, mapContext({ text: () => JSON.stringify(row) }));
  if (mapped.kind !== 'drafts' || mapped.drafts[0] === undefined) throw new Error(mapped.kind);
  return mapped.drafts[0];
}

const at = '2025-06-05T10:00:00Z';
const call = { timestamp: at, model: 'gpt-4o', prompt: 'q', prompt_tokens: 3 };
const read = { end: at, fields: { model: 'gpt-4o', input: 'q', prompt_tokens: 3 } };

describe('an object that a collector of logs has put into a row', () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    [
      'Docker',
      { log: `${JSON.stringify(call)}\n`, stream: 'stdout', time: at },
      { stream: 'stdout', time: at },
    ],
    ['Elasticsearch', { _index: 'calls', _source: call }, { _index: 'calls' }],
    [
      'Google Cloud',
      { jsonPayload: call, severity: 'INFO', spanId: '00f067aa0ba902b7' },
      { severity: 'INFO' },
    ],
    ['CloudWatch', { '@timestamp': at, '@message': JSON.stringify(call) }, { '@timestamp': at }],
    ['a logger', { level: 'info', message: JSON.stringify(call) }, { level: 'info' }],
  ])('of %s is the row; the rest is metadata', (_who, row, metadata) => {
    expect(draftOf(row)).toMatchObject({ ...read, metadata });
  });

  test('borrows time, trace, id and user from around it, and not the span that was at work', () => {
    const { timestamp: _own, ...untimed } = call;
    const around = { time: at, trace_id: 't', _id: 'd', span_id: 's', session_id: 'chat', level: 'info' };
    const draft = draftOf({ ...around, message: untimed });
    expect(draft).toMatchObject({
      end: at,
      traceId: 't',
      spanId: 'd',
      metadata: { span_id: 's', level: 'info' },
    });
    expect(draft.fields['session_identifier']).toBe('chat');
    expect(draftOf({ ...around, message: { ...call, id: 'own', trace_id: 'mine' } })).toMatchObject({
      traceId: 'mine',
      spanId: 'own',
      metadata: { trace_id: 't', _id: 'd' },
    });
  });
});

test.each<[string, Record<string, unknown>]>([
  ['a message of a chat', { timestamp: at, message: { role: 'user', content: 'q', model: 'm', id: 'x' } }],
  ['a part of a call', { timestamp: at, model: 'gpt-4o', message: { id: 'x', duration: 3 } }],
  ['a text', { timestamp: at, message: 'started' }],
  ['an object of which little is known', { timestamp: at, message: { user: 'u', colour: 'red' } }],
])('%s stays where it is', (_what, row) => {
  expect(draftOf(row).metadata).toHaveProperty('message', row['message']);
});
