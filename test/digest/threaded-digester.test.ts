import { unlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';

import { RangeDigester, type DigestOptions, type RangeDigest } from '../../src/digest/range-digester.js';
import { ThreadedDigester } from '../../src/digest/threaded-digester.js';
import { defaultInputOptions } from '../../src/input/input-file.js';
import { lineRanges, type LineRange } from '../../src/input/line-range.js';
import { file, freshPath, jsonl } from '../plan/make-plan.js';
import { nativeRows } from '../support/native-rows.js';

const options: DigestOptions = {
  ...defaultInputOptions,
  blockBytes: 64 * 1024,
  now: Date.UTC(2026, 0, 1) * 1000,
};
/** Threads run what was built: they know nothing of TypeScript. */
const built = new URL('../../dist/digest/digest-worker.js', import.meta.url);

function digester(threads: number, module = built): ThreadedDigester {
  const created = new ThreadedDigester(threads, options, module);
  onTestFinished(() => created.close());
  return created;
}

async function digestedHere(ranges: readonly LineRange[]): Promise<RangeDigest[]> {
  const here = new RangeDigester(options);
  const digests: RangeDigest[] = [];
  for (const range of ranges) digests.push(await here.digest(range));
  return digests;
}

function worker(source: string): URL {
  const path = `${freshPath('worker')}.mjs`;
  writeFileSync(path, source);
  return new URL(`file://${path}`);
}

describe('several threads', () => {
  const content = jsonl([...nativeRows(3000), { odd: true }, ...nativeRows(10)]);

  it.each([2, 3, 4])('digest as one does, %i of them', async (count) => {
    const ranges = [...lineRanges(file(content), content.length, 50_000)];
    const threads = digester(count);
    const digests = await Promise.all(
      ranges.map((range) => threads.begin(range)).map((pending) => pending.get()),
    );
    const expected = await digestedHere(ranges);
    expect(digests.map(comparable)).toEqual(expected.map(comparable));
    expect(expected.flatMap(({ digested }) => digested?.left ?? [])).toHaveLength(1);
  });

  it('leave the error of a file that is gone to the calling thread', async () => {
    const path = file(content);
    const [range] = lineRanges(path, content.length, 50_000);
    unlinkSync(path);
    await expect(digester(2).begin(range!).get()).rejects.toMatchObject({
      code: 'input_missing',
      exitCode: 2,
    });
  });

  it.each([
    ['cannot start', worker('throw new Error("no thread")')],
    [
      'end in the middle',
      worker(
        'import { parentPort } from "node:worker_threads"; parentPort.on("message", () => process.exit(1));',
      ),
    ],
    ['are not there', new URL('file:///nowhere/worker.mjs')],
  ])('are done without where they %s', async (_what, module) => {
    const ranges = [...lineRanges(file(content), content.length, 100_000)];
    const threads = digester(2, module);
    const digests = await Promise.all(
      ranges.map((range) => threads.begin(range)).map((pending) => pending.get()),
    );
    const expected = await digestedHere(ranges);
    expect(digests.map(comparable)).toEqual(expected.map(comparable));
  });
});

/** Buffers are larger than what is in them. */
function comparable({ end, digested }: RangeDigest): unknown {
  if (digested === undefined) return { end };
  const { lines, left, rows } = digested;
  const { count, times, integers } = rows;
  return {
    end,
    lines,
    left,
    count,
    times: times.slice(0, count * 3),
    integers: integers.slice(0, count * 11),
  };
}
