import { describe, expect, test } from 'vitest';
import type { ImportEvent } from '../../src/report/events.js';
import { createNotices, type Verbosity } from '../../src/report/notices.js';
import {
  createInput,
  createPlace,
  createProblem,
  createSummary,
  RecordingOutput,
  rejection,
} from './factories.js';

function noticesOf(
  events: ImportEvent[],
  { verbosity = 'normal', inputs = 1 }: { verbosity?: Verbosity; inputs?: number } = {},
) {
  const output = new RecordingOutput();
  const notices = createNotices({ output, verbosity });
  notices.handle({ kind: 'inputs-opened', inputs });
  for (const event of events) notices.handle(event);
  notices.finish();
  return output.errorLines;
}

function detected(
  name: string,
  overrides: Partial<Extract<ImportEvent, { kind: 'source-detected' }>> = {},
): ImportEvent {
  const input = createInput({ name, index: Number(/\d+/.exec(name)?.[0] ?? 0) });
  return {
    kind: 'source-detected',
    input,
    source: 'langfuse',
    because: 'ids',
    sampled: 20,
    agreeing: 20,
    runnerUp: undefined,
    ...overrides,
  };
}

const planned: ImportEvent = { kind: 'planned', summary: createSummary() };

describe('detections', () => {
  test('one input has one line', () => {
    expect(noticesOf([detected('a.json')])).toEqual(['a.json   langfuse (all 20 sampled rows agree: ids)']);
  });

  test('a single row is told as one', () => {
    expect(noticesOf([detected('a.json', { sampled: 1, agreeing: 1 })])).toEqual([
      'a.json   langfuse (the only sampled row agrees: ids)',
    ]);
  });

  test('inputs that agree share a line', () => {
    const events = [detected('export/1.json'), detected('export/2.json'), detected('export/3.json')];
    expect(noticesOf(events, { inputs: 3 })).toEqual([
      'export/*.json   3 files · langfuse (every sampled row agrees: ids)',
    ]);
  });

  test.each([
    [['/a/1.json', 'b/2.json'], '*.json'],
    [['/a/x/1.json', '/a/y/2.json'], '/a/*.json'],
    [['in/1.json', 'in/1.csv'], 'in/*'],
  ])('%j are shown together as %s', (names, shown) => {
    expect(
      noticesOf(
        names.map((name) => detected(name)),
        { inputs: 2 },
      )[0],
    ).toMatch(`${shown}   2 files`);
  });

  test('another source, or doubt, has a line of its own', () => {
    const events = [
      detected('1.json'),
      detected('2.csv', { source: 'generic' }),
      detected('3.json', { agreeing: 17 }),
      detected('4.json'),
    ];
    expect(noticesOf(events, { inputs: 4 })).toEqual([
      '*.json   2 files · langfuse (every sampled row agrees: ids)',
      '2.csv   generic (all 20 sampled rows agree: ids)',
      '3.json   langfuse (17 of 20 sampled rows agree: ids)',
    ]);
  });

  test('a runner-up is named', () => {
    const event = detected('a.json', { runnerUp: { source: 'phoenix', agreeing: 12 } });
    expect(noticesOf([event])).toEqual([
      'a.json   langfuse (all 20 sampled rows agree: ids; phoenix would fit 12 of 20)',
    ]);
  });

  test('are said before the first rejection', () => {
    const lines = noticesOf([detected('a.json'), rejection('{}')], { inputs: 2 });
    expect(lines[0]).toBe('a.json   langfuse (all 20 sampled rows agree: ids)');
    expect(lines[1]).toContain('bad_time');
  });
});

describe('cases', () => {
  test('a rejection tells place, code, field, message and hint', () => {
    const event = rejection('{}', { problem: createProblem({ field: 'startTime' }) });
    expect(noticesOf([event])).toEqual([
      'logs.jsonl:88  bad_time  startTime: can be read two ways',
      '               say --date-order dmy',
    ]);
  });

  test('a message that names its field is not led by it again', () => {
    const event = rejection('{}', { problem: createProblem({ field: 'when', message: 'when is no time' }) });
    expect(noticesOf([event])[0]).toBe('logs.jsonl:88  bad_time  when is no time');
  });

  test('five of each code are shown, and the rest counted when the plan is done', () => {
    const lines = noticesOf([
      ...Array.from({ length: 1207 }, () => rejection('{}')),
      rejection('{}', { problem: createProblem({ code: 'bad_json' }) }),
      planned,
    ]);
    expect(lines.filter((line) => line.includes('  bad_time  '))).toHaveLength(5);
    expect(lines.filter((line) => line.includes('  bad_json  '))).toHaveLength(1);
    expect(lines.at(-1)).toBe('bad_time: 1,202 more');
  });

  test('verbose shows every case', () => {
    const events = [...Array.from({ length: 7 }, () => rejection('{}')), planned];
    expect(noticesOf(events, { verbosity: 'verbose' })).toHaveLength(14);
  });

  test('quiet keeps rejections, refusals and server errors, and drops the rest', () => {
    const events: ImportEvent[] = [
      detected('a.json'),
      { kind: 'warning', warning: { code: 'naive_time', message: 'm' }, place: undefined },
      rejection('{}'),
      {
        kind: 'span-refused',
        place: createPlace(),
        body: Buffer.from('{}'),
        problem: createProblem({ code: 'refused' }),
      },
      { kind: 'server-error', message: 'no\u001b[2J' },
    ];
    const lines = noticesOf(events, { verbosity: 'quiet' });
    expect(lines.filter((line) => !line.startsWith(' ')).map((line) => line.split('  ')[1])).toEqual([
      'bad_time',
      'refused',
      'no\\u{1b}[2J',
    ]);
  });

  test('a warning tells its place where there is one', () => {
    const warning = { code: 'naive_time', message: 'read as UTC', field: 'start' };
    expect(
      noticesOf([
        { kind: 'warning', warning, place: createPlace() },
        { kind: 'warning', warning, place: undefined },
      ]),
    ).toEqual(['logs.jsonl:88  naive_time  start: read as UTC', 'naive_time  start: read as UTC']);
  });

  test('a note is told only to those who want to see everything', () => {
    const note = { code: 'multiple_roots', message: 'is a further root' };
    const events: ImportEvent[] = [
      { kind: 'note', note, place: createPlace() },
      { kind: 'note', note, place: undefined },
    ];
    expect(noticesOf(events)).toEqual([]);
    expect(noticesOf(events, { verbosity: 'verbose' })).toEqual([
      'logs.jsonl:88  multiple_roots  is a further root',
      'multiple_roots  is a further root',
    ]);
  });

  test('control characters in names, messages and hints are shown, not sent', () => {
    const place = createPlace({ input: createInput({ name: 'a\u001b.jsonl' }) });
    const problem = createProblem({ message: 'x\u009b', hint: 'y\u202e' });
    const text = noticesOf([rejection('{}', { place, problem })]).join('');
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).toContain('a\\u{1b}.jsonl:88');
  });
});

test('waits are told when verbose, the first interrupt always', () => {
  const events: ImportEvent[] = [
    { kind: 'waiting', milliseconds: 1500, reason: '503', asked: false, attempt: 2 },
    { kind: 'interrupted', drainSeconds: 10 },
  ];
  const sending: ImportEvent = { kind: 'upload-started', endpoint: 'http://127.0.0.1', spans: 1 };
  expect(noticesOf(events, { verbosity: 'verbose' })[0]).toBe('waiting 2 s after 503, try 2');
  expect(noticesOf([sending, ...events], { verbosity: 'quiet' })).toEqual([
    expect.stringContaining('10 seconds'),
  ]);
  expect(noticesOf(events, { verbosity: 'quiet' })).toEqual(['stopping: nothing was sent']);
});
