import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from 'vitest';

import { samplesAreMissing, samplesFolder } from '../sources/import-sample.js';
import { adalineJob } from './adaline-job.js';

const files = samplesAreMissing
  ? []
  : readdirSync(samplesFolder, { recursive: true, encoding: 'utf8' })
      .map((name) => path.join(samplesFolder, name))
      .filter((file) => statSync(file).isFile() && !/\.(?:md|tsv)$/.test(file));

test.skipIf(samplesAreMissing)(
  'real exports reach Adaline without a violation of its contract',
  async () => {
    expect(files.length).toBeGreaterThan(40);
    const refused: string[] = [];
    const rejected: Record<string, number> = {};
    for (const file of files) {
      const { run, gateway } = await adalineJob([]);
      const { summary } = await run({ files: [file], verify: true });
      const { spans, verification, rows } = summary;
      const stored = gateway.sandbox.adaline.totals();
      const isWhole =
        stored.spans === spans.planned && spans.ingested === spans.planned && stored.repeated === 0;
      if (!isWhole || verification?.complete !== verification?.traces) refused.push(path.basename(file));
      for (const [code, count] of Object.entries(rows.rejected_by_code))
        rejected[code] = (rejected[code] ?? 0) + count;
    }
    expect(refused).toEqual([]);
    // Three exports tell no time at all: nothing of them can be expressed there without --base-time.
    expect(rejected['no_time']).toBe(174);
  },
  120_000,
);
