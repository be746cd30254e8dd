import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { defaultInputOptions } from '../../src/input/input-file.js';
import { openInputs } from '../../src/input/open-inputs.js';
import { noStdin, temporaryFolder } from './read-rows.js';

function folderOf(...names: string[]): string {
  const folder = temporaryFolder();
  for (const name of names) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), name.endsWith('.gz') ? gzipSync('{}\n') : '{}\n');
  }
  return folder;
}

const namesIn = async (folder: string) =>
  (await openInputs([folder], defaultInputOptions, noStdin)).map(({ path }) =>
    path?.slice(folder.length + 1),
  );

describe('a folder', () => {
  it('gives the files that look like logs, sorted, from all levels', async () => {
    const logs = ['a.jsonl', 'b.JSON', 'c.ndjson', 'deep/d.log', 'deep/deeper/e.txt', 'z.jsonl.gz'];
    const others = ['README.md', 'image.png', 'jsonl', 'a.jsonl.bak', '.hidden.jsonl', '.git/x.json'];
    expect(await namesIn(folderOf(...others, ...logs.toReversed()))).toEqual([...logs].sort());
  });

  it('may end in a slash, and gives paths that can be opened', async () => {
    const folder = folderOf('a.jsonl');
    const inputs = await openInputs([`${folder}/`], defaultInputOptions, noStdin);
    expect(inputs).toMatchObject([{ path: join(folder, 'a.jsonl'), bytes: 3, rereadable: true }]);
  });

  it('gives a linked file once, and follows no links to folders', async () => {
    const elsewhere = folderOf('other.jsonl');
    const folder = folderOf('run-1.jsonl', 'run-2.jsonl');
    symlinkSync(join(folder, 'run-2.jsonl'), join(folder, 'latest.jsonl'));
    symlinkSync(join(elsewhere, 'other.jsonl'), join(folder, 'linked.jsonl'));
    symlinkSync(elsewhere, join(folder, 'folder.json'));
    symlinkSync(join(folder, 'gone'), join(folder, 'dangling.jsonl'));
    expect(await namesIn(folder)).toEqual(['linked.jsonl', 'run-1.jsonl', 'run-2.jsonl']);
  });

  it('without such a file is refused', async () => {
    await expect(namesIn(folderOf('README.md', '.hidden.jsonl'))).rejects.toMatchObject({
      code: 'no_match',
      exitCode: 2,
    });
  });

  it('and a file in it cannot both be given', async () => {
    const folder = folderOf('a.jsonl');
    await expect(
      openInputs([folder, join(folder, 'a.jsonl')], defaultInputOptions, noStdin),
    ).rejects.toMatchObject({ code: 'input_repeated', exitCode: 2 });
  });
});
