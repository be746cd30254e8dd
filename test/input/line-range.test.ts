import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { LineStarts, lineRanges, openLineRange, type LineRange } from '../../src/input/line-range.js';
import { file } from './read-rows.js';

async function bytesOf(range: LineRange, starts?: LineStarts): Promise<{ start: number; text: string }> {
  const reader = openLineRange(range, starts);
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
        fc.constantFrom(undefined, new LineStarts()),
        async (lines, isEnded, rangeBytes, starts) => {
          const text = lines.join('\n') + (isEnded ? '\n' : '');
          const path = file(text);
          const ranges = [...lineRanges(path, text.length, rangeBytes)];
          const parts = await Promise.all(ranges.map((range) => bytesOf(range, starts)));
          expect(parts.map((part) => part.text).join('')).toBe(text);
          for (const { start, text: part } of parts) {
            expect(text.slice(start, start + part.length)).toBe(part);
            expect(part === '' || start === 0 || text[start - 1] === '\n').toBe(true);
          }
        },
      ),
    );
  });

  it('search a line for its end once, over however many of them it goes', () => {
    const text = `a\n${'x'.repeat(1_000_000)}\nb\n`;
    const starts = new LineStarts();
    let bytes = 0;
    const read = (into: Buffer, at: number, length: number, position: number): number => {
      const count = into.write(text.slice(position, position + length), at);
      bytes += count;
      return count;
    };
    for (let position = 10; position < 1_000_000; position += 1000)
      expect(starts.next('file', position, read)).toBe(1_000_003);
    expect(bytes).toBeLessThan(1_010_000);
    expect(starts.next('file', 1_000_004, read)).toBe(text.length);
  });

  it('end with the file, however long it has become', async () => {
    const path = file('a\nb\nc\nd');
    const ranges = [...lineRanges(path, 4, 2)];
    expect(await Promise.all(ranges.map((range) => bytesOf(range)))).toEqual([
      { start: 0, text: 'a\n' },
      { start: 2, text: 'b\nc\nd' },
    ]);
  });
});
