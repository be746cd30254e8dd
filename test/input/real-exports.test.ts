import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openOne, readRows } from './read-rows.js';

const folder = join(import.meta.dirname, '../../../shared/samples');
const files = existsSync(folder)
  ? readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap((entry) => readdirSync(join(folder, entry.name)).map((name) => `${entry.name}/${name}`))
  : [];

describe.skipIf(files.length === 0)('real exports (skipped where ../shared/samples is absent)', () => {
  it.each(files)('%s is framed without a problem', async (name) => {
    const path = join(folder, name);
    const bytes = readFileSync(path);
    const { rows, consumed } = await readRows(await openOne(path));
    expect(rows.length).toBeGreaterThan(0);
    expect(consumed).toBe(bytes.length);
    for (const row of rows) {
      expect(row.code).toBeUndefined();
      expect(bytes.toString('utf8', row.offset, row.offset + Buffer.byteLength(row.bytes))).toBe(row.bytes);
    }
  });
});
