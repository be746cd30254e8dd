import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

import { scannerModule } from '../../assembly/compile.js';

it('is what its source compiles to', () => {
  const committed = readFileSync(new URL('../../src/digest/row-scanner-code.ts', import.meta.url), 'utf8');
  expect(scannerModule()).toBe(committed);
});
