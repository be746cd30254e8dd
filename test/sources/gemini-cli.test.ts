import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';
import { geminiCli } from '../../src/sources/gemini-cli.js';
import { importWith } from './import-sample.js';
import { lostScalars } from './lost-scalars.js';
import { mapContext } from './map-context.js';

const fixtures = fileURLToPath(new URL('../../fixtures/gemini-cli/', import.meta.url));
const document = `${fixtures}chat-with-tools.json`;
const lines = `${fixtures}chat-in-lines.jsonl`;
const session = '6e317100-0000-4000-8000-000000000003';

const tree = [
  ['turn', 'm1', null],
  ['gemini.chat', 'm2', 'm1'],
  ['read_file', 'read_file-1', 'm2'],
  ['run_shell_command', 'shell-2', 'm2'],
  ['gemini.chat', 'm3', 'm1'],
  ['info', 'm4', 'm1'],
  ['turn', 'm5', null],
];

describe('a chat', () => {
  it.each([document, lines])('gives turns, answers and tools, from %s', async (file) => {
    const { spans, ...counts } = await importWith(geminiCli, file);
    expect(
      spans.map((span) => [span['span_name'], span.span_unique_id, span.span_parent_id ?? null]),
    ).toEqual(tree);
    expect(new Set(spans.map((span) => span.trace_unique_id))).toEqual(new Set([session]));
    expect(counts).toMatchObject({ rejected: [], traces: 1, roots: 2, orphans: 0 });
  });

  it('maps tokens, thoughts and times of an answer', async () => {
    const { spans } = await importWith(geminiCli, document);
    expect(spans.find((span) => span.span_unique_id === 'm2')).toMatchObject({
      model: 'gemini-2.5-pro',
      prompt_tokens: 900,
      completion_tokens: 20,
      prompt_cache_hit_tokens: 100,
      reasoning_tokens: 33,
      total_request_tokens: 953,
      start_time: '2025-11-05T10:00:01.000Z',
      timestamp: '2025-11-05T10:00:04.000Z',
      completion_message: { reasoning_content: 'Sensor: There is a file.' },
    });
    expect(spans.find((span) => span.span_unique_id === 'm3')).toMatchObject({
      start_time: '2025-11-05T10:00:06.000Z',
    });
  });

  it('tells which tools failed', async () => {
    const { spans } = await importWith(geminiCli, document);
    const tools = spans.filter((span) => span['log_type'] === 'tool');
    expect(tools.map((span) => [span['status_code'], span['output'], span['latency']])).toEqual([
      [200, '-3 C', 1],
      [500, 'no such command', 2],
    ]);
  });

  it('takes the last of several writings of a message', async () => {
    const { spans } = await importWith(geminiCli, lines);
    expect(spans.find((span) => span.span_unique_id === 'm2')).toMatchObject({
      output: 'I read the thermometer, twice.',
      start_time: '2025-11-05T10:00:01.000Z',
      prompt_messages: [{ role: 'user', content: 'How cold is it?' }],
    });
  });

  it('adds what a later line says about the chat to the turn at hand', async () => {
    const { spans } = await importWith(geminiCli, lines);
    expect(spans.at(-1)).toMatchObject({
      span_unique_id: 'm5',
      metadata: { lastUpdated: '2025-11-05T10:02:01.000Z' },
    });
  });

  it('loses nothing but the kinds of messages', async () => {
    const { spans } = await importWith(geminiCli, document);
    const chat: unknown = JSON.parse(readFileSync(document, 'utf8'));
    expect(lostScalars([chat], spans).filter((scalar) => !scalar.startsWith('messages.type='))).toEqual([]);
  });
});

describe('rows of other shapes', () => {
  it('rejects messages that are no list', () => {
    const mapped = geminiCli.map({ sessionId: 's', projectHash: 'p', messages: 'none' }, mapContext());
    expect(mapped).toMatchObject({ kind: 'reject', problem: { code: 'bad_field', field: 'messages' } });
  });

  it('agrees with chats and messages and not with transcripts of others', () => {
    const message = { id: 'm', timestamp: 't', type: 'gemini', content: '' };
    const chat = { sessionId: 's', projectHash: 'p', messages: [] };
    expect(geminiCli.detect([chat, message]).agreeing).toBe(2);
    expect(
      geminiCli.detect([
        { ...message, uuid: 'u' },
        { sessionId: 's', messages: [] },
      ]).agreeing,
    ).toBe(0);
  });
});
