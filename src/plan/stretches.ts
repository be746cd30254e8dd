import type { Digester, PendingDigest } from '../digest/digester.js';
import { isDigestible, type DigestingOptions } from '../digest/digesting.js';
import type { InputFile } from '../input/input-file.js';
import { lineRanges, type LineRange } from '../input/line-range.js';
import type { Planner } from './planner.js';
import { withSample } from './sampled-rows.js';

/** A part of an input: all its rows, to be read one by one, or a range that is being digested. */
export type Stretch = { input: InputFile; isFirst: boolean } & (
  { kind: 'rows' } | { kind: 'range'; range: LineRange; digest: PendingDigest }
);

/**
 * The inputs in parts that are read one after another. Several ranges are digested at once, of several inputs where
 * these are small; without a digester all rows are read one by one.
 */
export async function* stretchesOf(
  inputs: readonly InputFile[],
  planner: Planner,
  digester: Digester | undefined,
  options: DigestingOptions,
): AsyncGenerator<Stretch> {
  if (digester === undefined) yield* inputs.map(wholeInput);
  else yield* ahead(eachStretch(inputs, planner, digester, options), digester.ahead);
}

async function* eachStretch(
  inputs: readonly InputFile[],
  planner: Planner,
  digester: Digester,
  options: DigestingOptions,
): AsyncGenerator<Stretch> {
  for (const input of inputs) {
    const path = isDigestible(input, options) ? input.path : undefined;
    if (path === undefined || !(await takesDigests(input, planner))) {
      yield wholeInput(input);
      continue;
    }
    let isFirst = true;
    for (const range of lineRanges(path, input.bytes ?? 0, options.rangeBytes)) {
      yield { kind: 'range', input, isFirst, range, digest: digester.begin(range) };
      isFirst = false;
    }
  }
}

function wholeInput(input: InputFile): Stretch {
  return { kind: 'rows', input, isFirst: true };
}

/** Decides about the source of an input by its first rows, which are read again later. */
async function takesDigests(input: InputFile, planner: Planner): Promise<boolean> {
  for await (const { sample = [] } of withSample(input.rows())) {
    if (sample.length > 0) await planner.begin(input, sample);
    break;
  }
  return planner.takesDigests(input);
}

/** The same items; so many more are pulled before each is given. */
async function* ahead<Item>(items: AsyncIterable<Item>, count: number): AsyncGenerator<Item> {
  const pulled: Item[] = [];
  for await (const item of items) {
    pulled.push(item);
    if (pulled.length > count) yield pulled.shift()!;
  }
  yield* pulled;
}
