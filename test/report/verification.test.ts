import { expect, test } from 'vitest';

import { renderText } from '../../src/report/text.js';
import { createPaint } from '../../src/report/terminal.js';
import { createSummary } from './factories.js';

const complete = {
  traces: 3,
  complete: 3,
  missing_spans: 0,
  surplus_spans: 0,
  unanswered: 0,
  differences: [],
};

function linesOf(verification: Parameters<typeof createSummary>[0]): string[] {
  return renderText(createSummary(verification), { paint: createPaint(false), ascii: false }).split('\n');
}

test('what was read back is told in a line, and what differs beside it', () => {
  expect(linesOf({ verification: complete })).toContain('verified 3 of 3 traces complete');
  const differing = { ...complete, complete: 1, missing_spans: 2, unanswered: 1 };
  expect(linesOf({ verification: differing })).toContain(
    'verified 1 of 3 traces complete · 2 spans missing · 1 not answered',
  );
});

test('one span is no spans', () => {
  const differing = { ...complete, complete: 1, missing_spans: 1, surplus_spans: 1 };
  expect(linesOf({ verification: differing })).toContain(
    'verified 1 of 3 traces complete · 1 span missing · 1 span too many',
  );
});

test('nothing is told where nothing was read back', () => {
  expect(linesOf({}).some((line) => line.startsWith('verified'))).toBe(false);
});

test('where spans are to be looked for is told of Respan alone', () => {
  expect(linesOf({}).join('\n')).toContain('Respan');
  expect(linesOf({ target: 'adaline' }).join('\n')).not.toContain('Respan');
});
