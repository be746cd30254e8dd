import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';
import { claudeCode } from '../../src/sources/claude-code.js';
import type { Span } from '../../src/span/span.js';
import { importWith, samplesAreMissing, samplesFolder } from './import-sample.js';
import { lostScalars } from './lost-scalars.js';
import { mapContext } from './map-context.js';

const fixtures = fileURLToPath(new URL('../../fixtures/claude-code/', import.meta.url));
const session = path.join(fixtures, 'session-with-subagent.jsonl');
const subagent = path.join(fixtures, 'agent-a1b2c3.jsonl');

interface TranscriptLine {
  type: string;
  uuid?: string;
  parentUuid?: string | null;
  message?: { id?: string; model?: string; content: unknown; usage?: Record<string, unknown> };
}

function linesOf(file: string): TranscriptLine[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line): TranscriptLine => JSON.parse(line));
}

function byId(spans: readonly Span[]): Map<string, Span> {
  return new Map(spans.map((span) => [span.span_unique_id, span]));
}

/** The tree, a span a line, in the order of the words. */
function edgesOf(spans: readonly Span[]): string[] {
  return spans
    .map((span) =>
      `${String(span['span_name'])} ${span.span_unique_id} < ${span.span_parent_id ?? ''}`.trim(),
    )
    .sort();
}

function sampleFile(name: string): string {
  return path.join(samplesFolder, 'claude-code', name);
}

function callsIn({ message }: TranscriptLine): string[] {
  const blocks: { type?: string; id?: string }[] = Array.isArray(message?.content) ? message.content : [];
  return blocks.filter(({ type }) => type === 'tool_use').map(({ id }) => `${id} < ${message?.id}`);
}

/** Words for kinds of lines and blocks, which the tree itself says. */
function isKindOfLine(scalar: string): boolean {
  return /^(?:message\.|message\.content\.)?type=/.test(scalar);
}

describe('a transcript with a subagent', () => {
  it('gives a tree of turns, generations, tools and subagents', async () => {
    const { spans, ...counts } = await importWith(claudeCode, session, subagent);
    expect(edgesOf(spans)).toEqual(
      [
        'turn u1 <',
        'claude.chat msg_1 < u1',
        'Read toolu_read < msg_1',
        'Bash toolu_bash < msg_1',
        'system s1 < toolu_bash',
        'claude.chat msg_2 < u1',
        'Task toolu_task < msg_2',
        'subagent agent-a1b2c3 < toolu_task',
        'claude.chat msg_9 < agent-a1b2c3',
        'claude.chat msg_3 < u1',
        'turn u2 <',
        'claude.chat synthetic-1 < u2',
      ].sort(),
    );
    expect(counts).toMatchObject({
      rejected: [],
      skipped: { session_note: 1, file_history_snapshot: 1, progress: 1 },
      traces: 1,
      roots: 2,
      orphans: 0,
    });
  });

  it('gives the same tree when the subagent comes first', async () => {
    const mainFirst = await importWith(claudeCode, session, subagent);
    const subagentFirst = await importWith(claudeCode, subagent, session);
    expect(edgesOf(subagentFirst.spans)).toEqual(edgesOf(mainFirst.spans));
  });

  it('knows the run of a subagent whose own file is not there', async () => {
    const { spans, orphans } = await importWith(claudeCode, session);
    expect(orphans).toBe(0);
    expect(byId(spans).get('agent-a1b2c3')).toMatchObject({
      log_type: 'agent',
      input: 'Ask the harbour master.',
      start_time: '2025-10-02T08:00:10.000Z',
      timestamp: '2025-10-02T08:00:30.000Z',
    });
  });

  it('makes one generation of the lines of an API message and counts its usage once', async () => {
    const generation = byId((await importWith(claudeCode, session)).spans).get('msg_1');
    expect(generation).toMatchObject({
      model: 'claude-sonnet-4-5',
      log_type: 'chat',
      start_time: '2025-10-02T08:00:00.000Z',
      timestamp: '2025-10-02T08:00:06.000Z',
      prompt_tokens: 10,
      completion_tokens: 42,
      prompt_cache_creation_tokens: 200,
      prompt_cache_hit_tokens: 0,
      output: 'I look at the log.',
      prompt_messages: [{ role: 'user', content: 'Which way does the wind blow?' }],
    });
    expect(generation?.['completion_message']).toMatchObject({
      role: 'assistant',
      content: 'I look at the log.',
      reasoning_content: 'A file may tell.',
      tool_calls: [{ id: 'toolu_read' }, { id: 'toolu_bash' }],
    });
  });

  it('joins a call with its result', async () => {
    const spans = byId((await importWith(claudeCode, session)).spans);
    expect(spans.get('toolu_bash')).toMatchObject({
      log_type: 'tool',
      input: '{"command":"anemometer"}',
      output: 'anemometer: not found',
      error_message: 'anemometer: not found',
      status_code: 500,
      start_time: '2025-10-02T08:00:06.000Z',
      timestamp: '2025-10-02T08:00:08.000Z',
      latency: 2,
    });
    expect(spans.get('toolu_read')).not.toHaveProperty('status_code');
  });

  it('lets a turn reach to its last line and hold its last words', async () => {
    const spans = byId((await importWith(claudeCode, session)).spans);
    expect(spans.get('u1')).toMatchObject({
      input: 'Which way does the wind blow?',
      output: 'From north-north-west.',
      timestamp: '2025-10-02T08:00:32.000Z',
      metadata: { 'summary.leaf-of-another-session': expect.stringContaining('Wind charts') },
    });
  });

  it('tells an error of the API as one', async () => {
    const spans = byId((await importWith(claudeCode, session)).spans);
    expect(spans.get('synthetic-1')).toMatchObject({
      status_code: 500,
      error_message: 'API Error: 529 overloaded',
    });
  });

  it('loses nothing but the lines that it says it drops', async () => {
    const { spans } = await importWith(claudeCode, session, subagent);
    const rows = [...linesOf(session), ...linesOf(subagent)].filter(
      ({ type }) => type !== 'progress' && type !== 'file-history-snapshot',
    );
    expect(lostScalars(rows, spans).filter((scalar) => !isKindOfLine(scalar))).toEqual([]);
  });
});

describe('lines of other shapes', () => {
  const user = {
    type: 'user',
    uuid: 'u',
    parentUuid: null,
    sessionId: 's',
    timestamp: '2025-01-01T00:00:00Z',
  };

  it('rejects a message that is no object, by the name of its field', () => {
    const mapped = claudeCode.map({ ...user, message: 'hello' }, mapContext());
    expect(mapped).toMatchObject({ kind: 'reject', problem: { code: 'bad_field', field: 'message' } });
  });

  it('names the line above as the parent where the input does not hold it', () => {
    const message = { id: 'm', role: 'assistant', content: [] };
    const mapped = claudeCode.map({ ...user, type: 'assistant', parentUuid: 'gone', message }, mapContext());
    expect(mapped).toMatchObject({ kind: 'drafts', drafts: [{ spanId: 'm', parentId: 'gone' }] });
  });

  it('takes the session from the file where a line names none', () => {
    const row = { ...user, sessionId: undefined, message: { role: 'user', content: 'hi' } };
    const mapped = claudeCode.map(row, mapContext({ inputName: 'logs/talk.jsonl' }));
    expect(mapped).toMatchObject({ kind: 'drafts', drafts: [{ traceId: 'talk' }] });
  });

  it('keeps a command’s output and a summary in the turn that they belong to', () => {
    const context = mapContext();
    const says = (uuid: string, parentUuid: string | null, content: string, extra = {}): unknown =>
      claudeCode.map({ ...user, uuid, parentUuid, message: { role: 'user', content }, ...extra }, context);
    says('a', null, '/compact');
    expect(says('b', 'a', '<local-command-stdout>done</local-command-stdout>')).toMatchObject({
      drafts: [{ spanId: 'b', parentId: 'a', fields: { log_type: 'custom' } }, { spanId: 'a' }],
    });
    expect(says('c', 'b', 'What was said', { isCompactSummary: true })).toMatchObject({
      drafts: [{ spanId: 'c', parentId: 'a' }, { spanId: 'a' }],
    });
    expect(says('d', 'c', 'Go on')).toMatchObject({
      drafts: [{ spanId: 'd', fields: { span_name: 'turn' } }],
    });
  });

  it('agrees with transcript lines and not with other rows', () => {
    const summary = { type: 'summary', summary: 's', leafUuid: 'l' };
    expect(claudeCode.detect([user, summary]).agreeing).toBe(2);
    expect(
      claudeCode.detect([{ uuid: 'u', sessionId: 's' }, { type: 'user', id: 'm' }, 'text']).agreeing,
    ).toBe(0);
  });
});

describe.skipIf(samplesAreMissing)('real transcripts (skipped without the samples)', () => {
  const samples = [
    { name: 'raedatoui_claude-code-log__sidechain.jsonl', messages: 4, traces: 1, roots: 0, orphans: 2 },
    {
      name: 'real_sample__07f2e15c-a38b-454b-9148-60edc06de401.jsonl',
      messages: 20,
      traces: 1,
      roots: 1,
      orphans: 0,
    },
    {
      name: 'real_sample__aa5c5ada-4f1e-4b7f-9d1f-c496b3badde5.jsonl',
      messages: 15,
      traces: 1,
      roots: 3,
      orphans: 0,
    },
  ];

  it.each(samples)('$name: traces, roots, orphans and one generation for each message', async (sample) => {
    const { spans, traces, roots, orphans, rejected } = await importWith(claudeCode, sampleFile(sample.name));
    expect({ traces, roots, orphans, rejected }).toEqual({
      traces: sample.traces,
      roots: sample.roots,
      orphans: sample.orphans,
      rejected: [],
    });
    const lines = linesOf(sampleFile(sample.name));
    const last = new Map<string, TranscriptLine['message']>();
    for (const { message } of lines) if (message?.id !== undefined) last.set(message.id, message);
    const generations = spans.filter((span) => span['log_type'] === 'chat');
    expect(generations).toHaveLength(sample.messages);
    expect(new Set(generations.map((span) => span.span_unique_id))).toEqual(new Set(last.keys()));
    for (const span of generations) {
      const message = last.get(span.span_unique_id);
      expect([span['model'], span['prompt_tokens'], span['completion_tokens']]).toEqual([
        message?.model,
        message?.usage?.['input_tokens'],
        message?.usage?.['output_tokens'],
      ]);
    }
  });

  it.each(samples)('$name: every call hangs below the message that made it', async ({ name }) => {
    const { spans } = await importWith(claudeCode, sampleFile(name));
    const tools = spans.filter((span) => span['log_type'] === 'tool');
    const edges = tools.map((span) => `${span.span_unique_id} < ${span.span_parent_id}`);
    expect(new Set(edges)).toEqual(new Set(linesOf(sampleFile(name)).flatMap(callsIn)));
  });

  it.each(samples)('$name: no value is lost', async ({ name }) => {
    const { spans } = await importWith(claudeCode, sampleFile(name));
    expect(lostScalars(linesOf(sampleFile(name)), spans).filter((scalar) => !isKindOfLine(scalar))).toEqual(
      [],
    );
  });
});
