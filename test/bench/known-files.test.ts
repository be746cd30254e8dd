import { describe, expect, test } from 'vitest';
import { answersOf, indexTraces } from '../../bench/inference/index-traces.js';
import type { KnownSpan } from '../../bench/inference/known-trace.js';
import { readSkeleton } from '../../bench/inference/skeletons.js';
import { isTypedAsRoot, namesParent } from '../../src/span/label.js';

function skeleton(...lines: string[][]): string {
  const titles = ['trace', 'row', 'span', 'parent', 'kind', 'name', 'start', 'end'];
  return `# where it comes from\n${[titles, ...lines].map((cells) => cells.join('\t')).join('\n')}\n`;
}

describe('skeletons', () => {
  test('tell parents by their ids, whatever the order of the rows', () => {
    const text = skeleton(
      ['t1', '0', 's1', 's2', 'LLM', 'chat', '1.7', '20'],
      ['t2', '1', 's1', '', '', 'alone', '5', ''],
      ['t1', '2', 's2', '', 'agent', 'run', '0', '30'],
    );
    expect(readSkeleton(text, 'file')).toMatchObject([
      [
        { name: 'chat', type: 'generation', parent: 1, scored: true, start: 1, end: 20 },
        { name: 'run', type: 'agent', parent: undefined, scored: true },
      ],
      [{ name: 'alone', type: 'task', parent: undefined, end: Number.NaN }],
    ]);
  });

  test('tell a parent that is not in the file, which no answer can find', () => {
    const text = skeleton(['t1', '0', 's1', 'missing', '', 'step', '0', '1']);
    expect(readSkeleton(text, 'file')).toMatchObject([[{ parent: undefined, scored: false }]]);
  });

  test('other columns and unknown parents are errors', () => {
    expect(() => readSkeleton('trace\tspan\n', 'file')).toThrow('columns');
    expect(() => readSkeleton(skeleton(['t1', '0', 's1', 's9', '', 'a', '0', '1']), 'file')).toThrow('s9');
  });
});

describe('indexed traces', () => {
  const base = { name: 'run', parent: undefined, scored: true, start: 0, end: 10 };
  const trace: KnownSpan[] = [
    { ...base, type: 'workflow' },
    { ...base, type: 'task', parent: 0 },
  ];

  test('name no parent and do not tell the root by its type', () => {
    const { index, numbers } = indexTraces([trace, trace]);
    const labels = numbers.flat().map((span) => index.labelOf(span));
    expect(new Set(labels).size).toBe(1);
    expect(labels.some((label) => namesParent(label) || isTypedAsRoot(label))).toBe(false);
    expect(index.traceCount).toBe(2);
  });

  test('give the answers of each trace by its rows', () => {
    const indexed = indexTraces([trace, trace]);
    const [, second = []] = indexed.numbers;
    indexed.index.inferParent(second[1]!, second[0]!, { origin: 'time', candidates: 1, confidence: 0.95 });
    expect(answersOf(indexed)).toMatchObject([
      [{ parent: undefined }, { parent: undefined, confident: false }],
      [{ parent: undefined }, { parent: 0, confident: true, ambiguous: false, confidence: 0.95 }],
    ]);
  });
});
