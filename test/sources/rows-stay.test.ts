import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { sources } from '../../src/sources/registry.js';
import { normaliseDraft } from '../../src/span/normalise.js';
import { planOptions } from '../plan/make-plan.js';
import { fixture } from './fixture.js';
import { mapContext } from './map-context.js';
import { documentsOf } from './source-documents.js';

/** A write to anything within throws from here on. */
function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  Object.freeze(value);
  Object.values(value).forEach(freeze);
}

const documented = sources.flatMap((source) => {
  const files = readdirSync(fixture(''), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name === source.name)
    .flatMap(({ name }) => readdirSync(fixture(name)).map((file) => `${name}/${file}`));
  return files.filter((file) => /\.jsonl?$/.test(file)).map((file) => ({ source, file }));
});

describe('rows', () => {
  // Spans are written from what rows hold, long after they were mapped.
  it.each(documented)(
    'are left as they are by mapping and normalising $file',
    async ({ source: entry, file }) => {
      const source = await entry.load();
      const rows = documentsOf(fixture(file));
      freeze(rows);
      const context = mapContext();
      const { normalise } = planOptions([]);
      const drafts = rows.flatMap((row) => {
        const mapped = source.map(row, { ...context, text: () => JSON.stringify(row) });
        return mapped.kind === 'drafts' ? mapped.drafts : [];
      });
      const written = drafts.map((draft) => normaliseDraft(draft, normalise).kind);
      expect(rows.length + written.length).toBeGreaterThan(0);
    },
  );

  it('of all sources that have files of JSON are tried', () => {
    expect(new Set(documented.map(({ source }) => source.name)).size).toBeGreaterThan(15);
  });
});
