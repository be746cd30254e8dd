import { describe, expect, test } from 'vitest';
import type { Summary } from '../../src/report/summary.js';
import { createPaint } from '../../src/report/terminal.js';
import { renderText } from '../../src/report/text.js';
import { createDryRun, createSummary } from './factories.js';

const render = (summary: Summary, ascii = false) => renderText(summary, { paint: createPaint(false), ascii });
const lines = (summary: Summary) => render(summary).split('\n');

const { rows, spans, upload } = createSummary();

test('a clean import, whole', () => {
  expect(render(createSummary())).toBe(
    `plan     2 rows · 1.5 kB · 0.1 s     2 used
         2 spans · 1 trace · parents: 1 explicit · 1 root
upload   https://api.respan.ai/v1/traces/ingest · 1 request · 1.4 kB · 0.9 s

ingested_spans   2
created_traces   1
errors           0

rows    2 = 2 used
spans   2 = 2 ingested

The spans of this import lie between 2025-06-05 and 2026-03-09. Respan shows the last hour by default: widen its time range.
`,
  );
});

test('figures of the answer align on lines of their own', () => {
  expect(lines(createSummary({ ingested_spans: 1_912_400, created_traces: 23 }))).toEqual(
    expect.arrayContaining([
      'ingested_spans   1,912,400',
      'created_traces          23',
      'errors                   0',
    ]),
  );
});

test('a server that reports no counts is not given any', () => {
  expect(lines(createSummary({ ingested_spans: null }))).toContain('ingested_spans   not reported');
});

test('--ascii leaves nothing but ASCII', () => {
  const summary = createSummary({ errors: { count: 9, messages: Array.from({ length: 9 }, () => 'no') } });
  expect(render(summary, true)).toMatch(/^[\n\x20-\x7e]*$/);
});

describe('equations', () => {
  test('every term that is not zero is shown', () => {
    const summary = createSummary({
      rows: { ...rows, read: 2204, used: 2201, skipped: 2, rejected: 1 },
      spans: {
        ...spans,
        planned: 210,
        ingested: 100,
        unconfirmed: 50,
        already_imported: 30,
        refused: 15,
        failed: 10,
        held_back: 5,
      },
    });
    expect(lines(summary)).toEqual(
      expect.arrayContaining([
        'rows    2,204 = 2,201 used + 2 skipped + 1 rejected',
        'spans     210 = 100 ingested + 50 unconfirmed + 30 already imported + 15 refused + 10 failed + 5 held back',
      ]),
    );
  });

  test('are there for an empty input too', () => {
    const summary = createSummary({
      rows: { ...rows, read: 0, used: 0 },
      spans: { ...spans, planned: 0, ingested: 0 },
      time_range: null,
    });
    expect(lines(summary)).toEqual(expect.arrayContaining(['rows    0 = 0 used', 'spans   0 = 0 ingested']));
  });

  test('one that does not balance is said loudly, and only that one', () => {
    const loud = lines(createSummary({ balanced: { rows: true, spans: false } })).filter((line) =>
      line.includes('DOES NOT BALANCE'),
    );
    expect(loud).toEqual([expect.stringMatching(/^spans {3}2 = 2 ingested {3}DOES NOT BALANCE/)]);
  });
});

describe('dry run', () => {
  test('tells the cost and prints no answer of a server', () => {
    const text = render(
      createDryRun({ upload: { ...upload, requests: 23, bytes: 41_200_000, seconds: 80 } }),
    );
    expect(text).toContain('would send 23 requests, 41.2 MB, in about 1 min 20 s to https://api.respan.ai');
    expect(text).not.toMatch(/ingested_spans|created_traces|^errors/m);
    expect(text).not.toContain('imported spans');
  });

  test('the spans equation tells what is known and what is to send', () => {
    expect(lines(createDryRun())).toContain('spans   2 = not sent (dry run)');
    const known = createDryRun({ spans: { ...spans, ingested: 0, already_imported: 1, held_back: 1 } });
    expect(lines(known)).toContain('spans   2 = 1 already imported + 1 to send');
  });
});

describe('plan', () => {
  test('counts skips by reason, warnings by code, and rows that share a span', () => {
    const summary = createSummary({
      rows: {
        ...rows,
        skipped: 3,
        skipped_by_reason: { empty_object: 3 },
        merged: 4,
        duplicate: 2,
        passed_over: 10,
      },
      warnings: { naive_time: 1006, no_time: 0 },
      notes: { multiple_roots: 3, child_outside_parent: 12 },
      parents: { explicit: 158, by_path: 30, by_time: 3, ambiguous: 1, roots: 25, orphans: 1 },
    });
    expect(lines(summary)).toEqual(
      expect.arrayContaining([
        '         2 spans · 1 trace · parents: 158 explicit, 30 by path, 4 by time (1 ambiguous) · 25 roots · 1 orphan',
        '         rows: 4 merged · 2 duplicate · 10 passed over',
        '         skipped: empty_object 3',
        '         warnings: naive_time 1,006',
        '         notes: multiple_roots 3 · child_outside_parent 12',
      ]),
    );
  });
});

describe('failures', () => {
  const failed = createSummary({
    rows: { ...rows, rejected: 1011, rejected_by_code: { bad_time: 11, bad_json: 1000 } },
    spans: { ...spans, refused: 1, failed: 2 },
    rejects: {
      directory: 'out',
      rows: ['out/rejects.csv', 'out/rejects-2.csv'],
      spans: 'out/spans.jsonl',
      reasons: 'out/reasons.jsonl',
    },
    exit_code: 1,
  });

  test('are counted by code, with every file', () => {
    const all = lines(failed);
    const start = all.indexOf(
      '1,011 rows rejected · 1 span refused by the server · 2 spans failed (exit code 1)',
    );
    expect(all.slice(start + 1, start + 7)).toEqual([
      '  bad_time     11',
      '  bad_json  1,000',
      '  rows     out/rejects.csv',
      '  rows     out/rejects-2.csv',
      '  spans    out/spans.jsonl',
      '  reasons  out/reasons.jsonl',
    ]);
  });

  test('a dry run without files names the flag that writes them', () => {
    const dry = createDryRun({ rows: { ...rows, rejected: 1 }, exit_code: 1 });
    expect(render(dry)).toContain('--rejects DIR');
    expect(render(failed)).not.toContain('--rejects DIR');
  });

  test("the server's first five messages are shown without control characters, the rest counted", () => {
    const messages = Array.from({ length: 20 }, (_, index) => `error ${index}\u001b[2J`);
    const all = lines(createSummary({ errors: { count: 42, messages } }));
    expect(all.filter((line) => line.startsWith('  error '))).toEqual(
      [0, 1, 2, 3, 4].map((index) => `  error ${index}\\u{1b}[2J`),
    );
    expect(all).toContain('  … and 37 more');
  });
});

test('a stop tells why, what to do and the exit code', () => {
  const stopped = {
    code: 'wait_too_long',
    message: 'the server asks to wait 3,600 s',
    hint: 'Run it again.',
  };
  const all = lines(createSummary({ stopped, exit_code: 5 }));
  const at = all.indexOf('stopped: the server asks to wait 3,600 s');
  expect(all[at + 1]).toBe('Run it again. (exit code 5)');
  expect(lines(createSummary({ stopped: { ...stopped, hint: null }, exit_code: 130 }))).toContain(
    '(exit code 130)',
  );
});

test('a run that stopped while planning tells that nothing was sent', () => {
  const all = lines(
    createSummary({
      upload: { ...upload, endpoint: null },
      spans: { ...spans, ingested: 0, held_back: 2 },
      ingested_spans: null,
      created_traces: null,
      errors: null,
      stopped: { code: 'too_many_errors', message: 'm', hint: null },
      exit_code: 3,
    }),
  );
  expect(all).toEqual(
    expect.arrayContaining([
      'upload   none: the run stopped before it',
      'ingested_spans   0',
      'created_traces   0',
      'errors           0',
      'spans   2 = 2 held back',
    ]),
  );
});

test('an exit code other than 0 never goes unexplained', () => {
  expect(lines(createSummary({ errors: { count: 2, messages: [] }, exit_code: 1 }))).toContain(
    '2 errors reported by the server (exit code 1)',
  );
  expect(lines(createSummary({ balanced: { rows: false, spans: true }, exit_code: 1 }))).toContain(
    'the import is incomplete (exit code 1)',
  );
});

test('the closing line needs imported spans with times', () => {
  expect(render(createSummary({ time_range: null }))).not.toContain('widen');
  expect(render(createSummary({ spans: { ...spans, ingested: 0, failed: 2 } }))).not.toContain('widen');
  const day = { from: '2025-06-05T10:00:00Z', to: '2025-06-05T11:00:00Z' };
  expect(render(createSummary({ time_range: day }))).toContain('are of 2025-06-05.');
});

test('warnings that are left under strict are why the import is incomplete', () => {
  const summary = createSummary({ strict: true, warnings: { unconfirmed: 1, count_over: 1 }, exit_code: 1 });
  expect(lines(summary)).toContain('2 warnings under --strict (exit code 1)');
});
