import { expect, test } from 'vitest';

import { sources } from '../../src/sources/registry.js';

test.each(sources.map((entry) => [entry.name, entry] as const))(
  '%s loads the source that it recognises',
  async (_name, { load, ...recogniser }) => {
    expect(await load()).toMatchObject(recogniser);
  },
);
