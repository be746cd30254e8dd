import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openFile, openRegularFile } from '../../src/input/byte-reader.js';

let folder: string;
let file: string;
const content = Buffer.alloc(9 * 1024 * 1024, 'a line of a file\n');

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'respan-import-test-'));
  file = path.join(folder, 'rows.jsonl');
  writeFileSync(file, content);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each([
  ['openFile', openFile],
  ['openRegularFile', openRegularFile],
])('%s', (_, open) => {
  it('gives the bytes of a file in order, and everything else its turn meanwhile', async () => {
    const reader = await open(file);
    let hadTurn = false;
    setImmediate(() => {
      hadTurn = true;
    });
    const read = Buffer.alloc(content.length + 256 * 1024);
    let length = 0;
    for (;;) {
      const count = await reader.read(read, length, 256 * 1024);
      if (count === 0) break;
      length += count;
    }
    const hadTurnBefore = hadTurn;
    await reader.close();
    expect(read.subarray(0, length).equals(content)).toBe(true);
    expect(hadTurnBefore).toBe(true);
  });

  it('tells a file that is not there', async () => {
    await expect(open(path.join(folder, 'none'))).rejects.toMatchObject({ code: 'input_missing' });
  });

  it('tells what cannot be read', async () => {
    const reader = open(folder).then((opened) => opened.read(Buffer.alloc(1), 0, 1));
    await expect(reader).rejects.toMatchObject({ code: 'input_unreadable', exitCode: 2 });
  });
});
