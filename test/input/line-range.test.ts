import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { lineRanges, openLineRange, type LineRange } from '../../src/input/line-range.js';
import { file } from './read-rows.js';

async function bytesOf(range: LineRange): Promise<{ start: number; text: string }> {
  const reader = openLineRange(range);
  const parts: Buffer[] = [];
  const block = Buffer.alloc(7);
  for (;;) {
    const count = await reader.read(block, 0, block.length);
    if (count === 0) break;
    parts.push(Buffer.from(block.subarray(0, count)));
  }
  await reader.close();
  return { start: reader.start, text: Buffer.concat(parts).toString() };
}

describe('ranges of lines', () => {
  it('are the file, each line in one of them and whole', async () => {
    const content = fc.array(fc.constantFrom('', 'a', 'bc', 'x'.repeat(40)), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(
        content,
        fc.boolean(),
        fc.integer({ min: 1, max: 90 }),
        async (lines, isEnded, rangeBytes) => {
          const text = lines.join('\n') + (isEnded ? '\n' : '');
          const path = file(text);
          const ranges = [...lineRanges(path, text.length, rangeBytes)];
          const parts = await Promise.all(ranges.map(bytesOf));
          expect(parts.map((part) => part.text).join('')).toBe(text);
          for (const { start, text: part } of parts) {
            expect(text.slice(start, start + part.length)).toBe(part);
            expect(part === '' || start === 0 || text[start - 1] === '\n').toBe(true);
          }
        },
      ),
    );
  });

  it('end with the file, however long it has become', async () => {
    const path = file('a\nb\nc\nd');
    const ranges = [...lineRanges(path, 4, 2)];
    expect(await Promise.all(ranges.map(bytesOf))).toEqual([
      { start: 0, text: 'a\n' },
      { start: 2, text: 'b\nc\nd' },
    ]);
  });
});
