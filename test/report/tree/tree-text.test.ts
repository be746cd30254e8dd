import { stripVTControlCharacters } from 'node:util';

import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { cellsOf } from '../../../src/report/cells.js';
import { createPaint } from '../../../src/report/terminal.js';
import { TreeText } from '../../../src/report/tree/tree-text.js';
import { drawTrace } from '../../../src/tree/drawn-trace.js';
import { treeRows } from '../../../src/tree/tree-rows.js';
import { siblings, sketch, type SpanSketch } from '../../tree/factories.js';

interface Options {
  width?: number;
  ascii?: boolean;
  all?: boolean;
  depth?: number;
  colour?: boolean;
}

const second = 1_000_000;

function draw(spans: readonly SpanSketch[], options: Options = {}): { lines: string[]; legend: string[] } {
  const { width = 80, ascii = false, all = false, depth = Infinity, colour = false } = options;
  const sketched = sketch(spans);
  const rows = treeRows(sketched.index, sketched.tree, { depth, all, unfolded: new Set() });
  const text = new TreeText({ paint: createPaint(colour), ascii, width, namesInputs: false });
  const lines = [...text.trace(drawTrace(sketched, sketched.tree, rows))];
  return { lines, legend: text.legend() };
}

const trace: SpanSketch[] = [
  { id: 'agent', start: 0, end: 4 * second, fields: { log_type: 'agent' } },
  {
    id: 'ask',
    parent: 'agent',
    start: 0,
    end: second,
    fields: { log_type: 'chat', model: 'gpt-4o', prompt_tokens: 1200, completion_tokens: 30 },
  },
  { id: 'look up', parent: 'agent', start: second, end: 1.5 * second, fields: { log_type: 'tool' } },
  {
    id: 'answer',
    parent: 'agent',
    start: 2 * second,
    end: 4 * second,
    fields: { log_type: 'chat', model: 'gpt-4o', status_code: 429 },
  },
];

test('a trace, whole', () => {
  expect(draw(trace).lines).toEqual([
    'trace trace  4 spans · 4.00 s · 1970-01-01 00:00:00 UTC · respan',
    '                                                  0 s                     4.00 s',
    'agent            agent                    4.00 s  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━',
    '├─ ask           chat   gpt-4o  1,200→30  1.00 s  ━━━━━━━╸',
    '├─ look up       tool                     500 ms         ╺━━━╸',
    '└─ answer ✗ 429  chat   gpt-4o            2.00 s                 ━━━━━━━━━━━━━━━',
  ]);
});

test('--ascii draws the same with ASCII alone', () => {
  const { lines } = draw(trace, { ascii: true });
  expect(lines.join('\n')).toMatch(/^[\n\u0020-\u007e]*$/);
  expect(lines[3]).toMatch(/^\|- ask .* 1,200->30 /);
  expect(lines.at(-1)).toMatch(/^`- answer x 429 /);
});

test('colour changes nothing but the colour', () => {
  const plain = draw(trace, { colour: true }).lines.map((line) => stripVTControlCharacters(line).trimEnd());
  expect(plain).toEqual(draw(trace).lines);
});

describe('marks', () => {
  const inferred: SpanSketch[] = [
    { id: 'root' },
    { id: 'path', parent: 'root', edge: { origin: 'path', candidates: 1, confidence: 1 } },
    { id: 'time', parent: 'root', edge: { origin: 'time', candidates: 1, confidence: 0.9 } },
    { id: 'guess', parent: 'root', edge: { origin: 'ambiguous', candidates: 4, confidence: 0.3 } },
  ];

  it('tell how a parent was found, and are explained only where they occur', () => {
    const { lines, legend } = draw(inferred);
    expect(lines.slice(1)).toEqual(['root', '├─ path /', '├─ time ~', '└─ guess ?4']);
    expect(legend.join().match(/parents?\b/g)).toHaveLength(3);
    expect(draw(trace).legend).toEqual([]);
  });

  it('tell what was found wrong with a span, unless its place does', () => {
    const findings = ['cycle', 'child_outside_parent', 'multiple_roots'];
    const sketched = { ...sketch([{ id: 'root' }]), findingsOf: () => findings };
    const rows = treeRows(sketched.index, sketched.tree, { depth: 1, all: false, unfolded: new Set() });
    const text = new TreeText({ paint: createPaint(false), ascii: true, width: 80, namesInputs: false });
    const lines = [...text.trace(drawTrace(sketched, sketched.tree, rows, { cycle: 1 }))];
    expect(lines).toEqual([expect.stringContaining('cycle 1'), 'root ! cycle ! outside']);
    expect(text.legend().join()).toContain('! outside');
  });

  it('stay readable where names are cut', () => {
    const name = 'a name that is far too long for its column';
    const { lines } = draw([{ id: 'root' }, { ...inferred[3]!, name }], { width: 20 });
    expect(lines.at(-1)).toMatch(/^└─ a name.*… \?4$/);
  });
});

test('missing parents, events, spans without times and without a name', () => {
  const { lines } = draw([
    { id: 'root', start: 0, end: 10 * second },
    { id: 'orphan', parent: 'lost\u001b[2J', start: 5 * second, end: 5 * second },
    { id: 'silent', name: '', parent: 'root' },
  ]);
  expect(lines[0]).toContain('3 spans · 1 orphan · 10.0 s');
  expect(lines[3]).toBe('└─ (no name)');
  expect(lines[4]).toBe('⚠ parent lost\\u{1b}[2J is missing');
  expect(lines[5]).toMatch(/^└─ orphan +0 s +·$/);
});

test('siblings that share a row: how many, how long, and from when to when', () => {
  const { lines, legend } = draw([{ id: 'root', start: 0, end: 100 }, ...siblings(10)]);
  expect(lines.at(-1)).toMatch(/^└─ … 7 more step +35 µs +╺?┄+$/u);
  expect(legend.join()).toContain('share a row');
  const numbered = draw([{ id: 'root' }, ...siblings(10, (place) => `step ${place}`)]);
  expect(numbered.lines.at(-1)).toMatch(/^└─ … 7 more like step 3/);
});

test('depths beyond what the width takes are told by their number', () => {
  const chain = Array.from({ length: 60 }, (_, place) => ({
    id: `c${place}`,
    parent: place === 0 ? undefined : `c${place - 1}`,
  }));
  const { lines } = draw(chain);
  expect(lines[8]).toBe(`${' '.repeat(18)}└─ c7`);
  expect(lines.at(-1)?.trim()).toBe('…59 └─ c59');
  expect(Math.max(...lines.map(cellsOf))).toBeLessThanOrEqual(80);
});

test('spans are read only for the rows that are drawn', () => {
  const sketched = sketch([{ id: 'root' }, ...siblings(1000)]);
  const rows = treeRows(sketched.index, sketched.tree, { depth: Infinity, all: false, unfolded: new Set() });
  const text = new TreeText({ paint: createPaint(false), ascii: false, width: 80, namesInputs: false });
  expect([...text.trace(drawTrace(sketched, sketched.tree, rows))]).toHaveLength(7);
  // The row of the others takes its name from the first and the last of them.
  expect(sketched.read.size).toBe(6);
});

test('no line exceeds the width, whatever names and ids are made of', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom('检索文档检索文档检索文档', '\u001b[31mred', 'a\tb\nc', '👩‍👩‍👧‍👦🇩🇪1️⃣'),
  );
  const time = fc.oneof(fc.integer({ min: 0, max: 5 * second }), fc.constant(NaN));
  const anySpans = fc.array(
    fc.record({
      above: fc.option(fc.nat(), { nil: undefined }),
      name: anyText,
      times: fc.tuple(time, time),
      model: anyText,
      type: fc.constantFrom('chat', 'tool', 'agent', 'a type of a future server'),
      status: fc.constantFrom(200, 500),
    }),
    { minLength: 1, maxLength: 12 },
  );
  fc.assert(
    fc.property(
      anySpans,
      anyText,
      fc.integer({ min: 1, max: 140 }),
      fc.record({ ascii: fc.boolean(), all: fc.boolean(), depth: fc.integer({ min: 1, max: 5 }) }),
      (drawn, traceId, width, options) => {
        const spans = drawn.map(({ above, name, times, model, type, status }, place): SpanSketch => {
          const [start, end] = times[0] > times[1] ? [times[1], times[0]] : times;
          return {
            trace: traceId,
            id: `s${place}`,
            parent: above === undefined ? undefined : place === 0 ? 'lost' : `s${above % place}`,
            name,
            start,
            end,
            fields: { model, log_type: type, status_code: status, prompt_tokens: above ?? 7 },
          };
        });
        const { lines, legend } = draw(spans, { width, ...options });
        for (const line of [...lines, ...legend]) {
          expect(cellsOf(line)).toBeLessThanOrEqual(width);
          expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        }
      },
    ),
  );
});
