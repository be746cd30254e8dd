import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ElementGuess } from '../../src/input/element-guess.js';
import { JsonElementScanner } from '../../src/input/json-element-scanner.js';
import { RowPool } from '../../src/input/row-pool.js';
import { comparable, file, openOne, readRows } from './read-rows.js';

interface Element {
  id: number;
  text: string;
  parts: Element[];
}

/** Its texts and its parts hold what stands between elements. */
function elementWith(parts: fc.Arbitrary<Element[]>): fc.Arbitrary<Element> {
  const text = fc.constantFrom('', 'é', '},{"id":1', '},\n  {\n    "id": 1', '\\', '"', 'x'.repeat(50));
  return fc.record({ id: fc.integer({ min: 0, max: 99 }), text, parts });
}
const leaf = elementWith(fc.constant([]));
const branch = elementWith(fc.array(leaf, { maxLength: 3 }));
const element = fc.oneof(leaf, leaf, elementWith(fc.array(branch, { maxLength: 2 })));
const elements = fc.array(element, { maxLength: 15 });
const layout = fc.constantFrom(
  (list: Element[]) => JSON.stringify(list),
  (list: Element[]) => JSON.stringify(list, null, 2),
  (list: Element[]) =>
    `{"total":1,"data":${JSON.stringify(list)},"next":{"id":2},"last":[{"id":3},{"id":4}]}`,
  (list: Element[]) => list.map((each) => JSON.stringify(each)).join('\n\n'),
);
/** Damage to a document: what is cut out of it, and what comes in its place. */
const damage = fc.record({
  at: fc.nat(),
  length: fc.constantFrom(0, 1, 1, 5, 30),
  text: fc.constantFrom('', '}', '{', ']', '"', '\n', ',', 'NaN', '\\', '},{"id"'),
});

const options = { format: 'json', maxRowBytes: 2000, maxDepth: 6 } as const;

async function rowsInBlocksOf(content: string, blockBytes: number) {
  const { rows, warnings } = await readRows(await openOne(file(content), options, blockBytes));
  return { rows: rows.map(comparable), warnings: warnings.toSorted() };
}

describe('elements that begin alike', () => {
  it('are read as in blocks that are too small to guess in, however the document is damaged', async () => {
    await fc.assert(
      fc.asyncProperty(
        elements,
        layout,
        fc.option(damage, { nil: undefined }),
        async (list, write, broken) => {
          const whole = write(list);
          const at = broken === undefined ? 0 : broken.at % (whole.length + 1);
          const content =
            broken === undefined ? whole : whole.slice(0, at) + broken.text + whole.slice(at + broken.length);
          const scanned = await rowsInBlocksOf(content, 4);
          expect(await rowsInBlocksOf(content, 64 * 1024)).toEqual(scanned);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('are told with their lines and offsets', async () => {
    const list = Array.from({ length: 400 }, (_, id) => ({
      id,
      parts: [{ id: 1 }, { id: 2 }],
      text: 'é\n',
    }));
    const content = JSON.stringify(list, null, 2);
    const bytes = Buffer.from(content);
    const { rows } = await readRows(await openOne(file(content), options, 4 * 1024));
    expect(rows.map(({ value }) => value)).toEqual(list);
    const before = rows.map(({ offset }) => bytes.subarray(0, offset).toString().split('\n').length);
    expect(rows.map(({ line }) => line)).toEqual(before);
  });
});

describe('a guess', () => {
  const document = Buffer.from(
    JSON.stringify(Array.from({ length: 200 }, (_, id) => ({ id, text: 'text' }))),
  );

  /** A guess that has learnt from the first two elements, and the scanner behind them. */
  function learnt(): { guess: ElementGuess; scanner: JsonElementScanner } {
    const guess = new ElementGuess();
    const scanner = new JsonElementScanner({ maxDepth: 10, maxRowBytes: 1000 });
    scanner.next(document);
    const { end } = scanner;
    scanner.next(document);
    guess.learn(document, end, scanner.start);
    return { guess, scanner };
  }

  it('finds the elements that end in the bytes, but for the last one', () => {
    const { guess, scanner } = learnt();
    const pool = new RowPool();
    guess.find(pool, document, 0, scanner, 1000);
    const values = pool.rows.map(({ start, end }) => document.toString('utf8', start, end));
    expect(values).toEqual(
      Array.from({ length: 197 }, (_, id) => JSON.stringify({ id: id + 2, text: 'text' })),
    );
  });

  it('is not made again once too much was guessed in vain', () => {
    const { guess, scanner } = learnt();
    let guesses = 0;
    for (; guess.follows(document, scanner.at) && guesses < 1000; guesses++) {
      guess.find(new RowPool(), document, 0, scanner, 1000);
      guess.judge(document, scanner.position, scanner.at);
    }
    expect(guesses).toBeLessThan(1000);
    const { end } = scanner;
    scanner.next(document);
    guess.learn(document, end, scanner.start);
    expect(guess.follows(document, scanner.at)).toBe(false);
  });
});
