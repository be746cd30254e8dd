import { expect, test } from 'vitest';

import { batchOptions } from '../../src/cli/import-options.js';
import type { BatchOptions } from '../../src/options.js';
import { importFlags } from './import-flags.js';

async function rateLimits(...args: string[]): Promise<BatchOptions['rateLimits']> {
  return (await batchOptions(await importFlags(...args), {})).rateLimits;
}

const intoAdaline = ['--target', 'adaline'];
const usual = { unit: 'requests', amount: 8, window: 1000 };
const named = { unit: 'requests', amount: 2, window: 1000 };
const ofBytes = { unit: 'bytes', amount: 5_000_000, window: 1000 };

test('requests to Adaline are limited unless a limit on them is named', async () => {
  expect(await rateLimits(...intoAdaline)).toEqual([usual]);
  expect(await rateLimits(...intoAdaline, '--rate-limit', '5MB/s')).toEqual([ofBytes, usual]);
  expect(await rateLimits(...intoAdaline, '--rate-limit', '2/s')).toEqual([named]);
});

test('a rehearsal is held to the limits that are named, and to no other', async () => {
  const rehearsal = [...intoAdaline, '--sandbox'];
  expect(await rateLimits(...rehearsal)).toEqual([]);
  expect(await rateLimits(...rehearsal, '--rate-limit', '5MB/s')).toEqual([ofBytes]);
  expect(await rateLimits(...rehearsal, '--rate-limit', '2/s')).toEqual([named]);
});
