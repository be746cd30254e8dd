import { expect, test } from 'vitest';

import { bytesOf, optionsOf } from '../../bench/options.js';

const names = ['native', 'csv', 'memory'];

test.each([
  ['100MB', 100_000_000],
  ['1GB', 1_000_000_000],
  ['2.5kb', 2500],
  ['0.5gb', 500_000_000],
])('reads the size %s in decimal units', (text, bytes) => {
  expect(bytesOf(text)).toBe(bytes);
});

test.each(['', '100', 'MB', '100MiB', '-1MB', '0MB', '1 GB', '1e3MB'])('refuses %j as a size', (text) => {
  expect(() => bytesOf(text)).toThrow('--size');
});

test.each(['0', '-1', '1.5', 'three', ''])('refuses %j rounds', (rounds) => {
  expect(() => optionsOf([`--rounds=${rounds}`], names, {})).toThrow('--rounds');
});

test('refuses a case that there is not', () => {
  expect(() => optionsOf(['--only', 'native,tsv'], names, {})).toThrow('"tsv"');
});

test('takes several cases', () => {
  expect(optionsOf(['--only', 'native,csv'], names, {}).only).toEqual(['native', 'csv']);
});

test.each([
  { args: [], writes: ['results'] },
  { args: ['--rounds', '5'], writes: ['results'] },
  { args: ['--peers', 'somewhere'], writes: ['results'] },
  { args: ['--memory'], writes: ['results', 'memory'] },
  { args: ['--only', 'memory'], writes: ['memory'] },
  { args: ['--memory', '--quick'], writes: [] },
  { args: ['--rounds', '2'], writes: [] },
  { args: ['--only', 'csv'], writes: [] },
  { args: ['--size', '10MB'], writes: [] },
])('with $args, the results replace those of $writes', ({ args, writes }) => {
  expect(optionsOf(args, names, {}).writes).toEqual(writes);
});

test('measures memory where it is asked for, by flag or by name', () => {
  expect(optionsOf([], names, {}).memory).toBe(false);
  expect(optionsOf(['--memory'], names, {}).memory).toBe(true);
  expect(optionsOf(['--only', 'memory'], names, {}).memory).toBe(true);
});

test('finds the folder of the peers in the environment, and rather in the flag', () => {
  const environment = { RESPAN_BENCH_PEERS: 'there' };
  expect(optionsOf([], names, environment).peers).toBe('there');
  expect(optionsOf(['--peers', 'here'], names, environment).peers).toBe('here');
});
