import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { cellsOf, cutToCells, padStartToCells, padToCells } from '../../src/report/cells.js';

test.each([
  ['', 0],
  ['plain', 5],
  ['├─ · …', 6],
  ['übung', 5],
  ['u\u0308bung', 5],
  ['计划', 4],
  ['한국어', 6],
  ['\u1112\u1161\u11ab', 2],
  ['ﾊﾝｶｸ', 4],
  ['ｚ', 2],
  ['🚀', 2],
  ['👍🏽', 2],
  ['🇩🇪', 2],
  ['1️⃣', 2],
  ['⚠', 1],
  ['⚠️', 2],
  ['ไทย', 3],
])('%s takes %d columns', (text, cells) => {
  expect(cellsOf(text)).toBe(cells);
});

it('measures text without anything wide as it measures it beside something wide', () => {
  const narrow = fc.string({
    unit: fc.constantFrom('a', '~', 'ü', 'ÿ', 'ʰ', '·', '…', '→', '─', '╿', '⚠', '✗'),
  });
  fc.assert(
    fc.property(narrow, (text) => {
      expect(cellsOf(text)).toBe(cellsOf(`${text}计`) - 2);
    }),
  );
});

describe('a cut text', () => {
  test.each([
    ['retrieve', 8, 'retrieve'],
    ['retrieve', 7, 'retrie…'],
    ['检索文档', 8, '检索文档'],
    ['检索文档', 7, '检索文…'],
    ['检索文档', 6, '检索…'],
    ['🇩🇪🇩🇪🇩🇪', 5, '🇩🇪🇩🇪…'],
    ['ab', 1, '…'],
    ['ab', 0, ''],
  ])('%s in %d columns is %s', (text, cells, cut) => {
    expect(cutToCells(text, cells, '…')).toBe(cut);
  });

  it('never takes more than it may, and loses nothing where it fits', () => {
    const anyText = fc.string({ unit: 'grapheme', maxLength: 30 });
    fc.assert(
      fc.property(anyText, fc.nat({ max: 40 }), fc.constantFrom('…', '...', ''), (text, most, sign) => {
        const cut = cutToCells(text, most, sign);
        expect(cellsOf(cut)).toBeLessThanOrEqual(most);
        expect(cut === text).toBe(cellsOf(text) <= most);
      }),
    );
  });
});

test('padding fills up to the width, on either side', () => {
  expect(padToCells('计', 4)).toBe('计  ');
  expect(padStartToCells('计', 4)).toBe('  计');
  expect(padToCells('long', 2)).toBe('long');
});
