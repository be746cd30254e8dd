import { expect, test } from 'vitest';
import { accuracy } from '../../bench/inference/accuracy-tables.js';
import type { Measured } from '../../bench/inference/measured.js';
import { noScore, type Score } from '../../bench/inference/score.js';

function measured(name: string, score: Partial<Score>): Measured {
  const none = noScore();
  return {
    name,
    source: 'otlp',
    group: 'agents',
    score: { ...none, ...score },
    baselines: [none, none, none],
  };
}

/** Cells of the first line of the table whose first cell this is. */
function line(text: string, first: string): string[] | undefined {
  const found = text.split('\n').find((each) => each.startsWith(`| ${first} `));
  return found
    ?.split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

const mistake = { span: 'evil\u001b[2J', chosen: 'a', right: undefined, confidence: 0.95 };

test('shares are never rounded up to all, and a small file counts as much as a large one in the mean', () => {
  const text = accuracy([
    measured('large', { edges: 10_000, found: 9_999 }),
    measured('small', { edges: 2, found: 1 }),
  ]);
  expect(line(text, 'large')?.slice(2, 5)).toEqual(['10000', '9999', '99.9']);
  expect(line(text, 'small')?.[4]).toBe('50.0');
  expect(line(text, 'LLM and agent traces')?.slice(1, 5)).toEqual(['2', '10002', '10000', '99.9']);
  expect(line(text, 'LLM and agent traces')?.at(-1)).toBe('74.9');
});

test('mistakes of the same names are told once, and no name reaches the terminal as it is', () => {
  const text = accuracy([measured('file', { edges: 3, mistakes: [mistake, mistake] })]);
  expect(text).toContain('2 times');
  expect(text.split('evil')).toHaveLength(2);
  expect(text).not.toContain('\u001b');
});
