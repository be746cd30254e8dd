import { readdirSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';
import { defaultInputOptions } from '../../src/input/input-file.js';
import { openInputs } from '../../src/input/open-inputs.js';
import { claudeCode } from '../../src/sources/claude-code.js';
import { codex } from '../../src/sources/codex.js';
import { geminiCli } from '../../src/sources/gemini-cli.js';
import { googleAdk } from '../../src/sources/google-adk.js';
import { Recent } from '../../src/sources/transcript/recent.js';
import { sessionOfInput } from '../../src/sources/transcript/session-name.js';
import { samplesAreMissing, samplesFolder } from './import-sample.js';

const ownFolders = new Map([
  ['claude-code', 'claude-code'],
  ['codex', 'codex'],
  ['adk', 'google-adk'],
]);

async function firstRows(file: string): Promise<unknown[]> {
  const rows: unknown[] = [];
  for (const input of await openInputs([file], defaultInputOptions, () => process.stdin)) {
    for await (const batch of input.rows()) {
      rows.push(...batch.rows.filter(({ problem }) => problem === undefined).map(({ value }) => value));
      if (rows.length >= 20) break;
    }
  }
  return rows.slice(0, 20);
}

describe.skipIf(samplesAreMissing)(
  'telling transcripts from other exports (skipped without the samples)',
  () => {
    const files = samplesAreMissing
      ? []
      : readdirSync(samplesFolder, { withFileTypes: true })
          .filter((entry) => entry.isDirectory())
          .flatMap(({ name }) =>
            readdirSync(path.join(samplesFolder, name)).map((file) => [name, file] as const),
          );

    it.each(files)('%s/%s', async (folder, file) => {
      const rows = await firstRows(path.join(samplesFolder, folder, file));
      const agreeing = [claudeCode, codex, geminiCli, googleAdk]
        .map((source) => [source.name, source.detect(rows).agreeing] as const)
        .filter(([, count]) => count > 0);
      const own = ownFolders.get(folder);
      expect(agreeing).toEqual(own === undefined ? [] : [[own, rows.length]]);
    });
  },
);

describe('the session that a file is named for', () => {
  it.each([
    [
      '~/logs/rollout-2026-01-02T03-04-05-11111111-1111-4111-8111-111111111111.jsonl',
      '11111111-1111-4111-8111-111111111111',
    ],
    ['C:\\logs\\talk.jsonl.gz', 'talk'],
    ['-', '-'],
  ])('of %s is %s', (name, session) => {
    expect(sessionOfInput(name)).toBe(session);
  });
});

describe('remembering what was said lately', () => {
  it('forgets the oldest entry beyond its capacity, and what was said again is new', () => {
    const recent = new Recent<number>(2);
    recent.set('a', 1);
    recent.set('b', 2);
    recent.set('a', 3);
    recent.set('c', 4);
    expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual([3, undefined, 4]);
  });
});
