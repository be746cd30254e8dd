import { describe, expect, it } from 'vitest';

import { privacyOf, rewriteOf, selectionOf } from '../../src/cli/span-options.js';

const times = { timezone: 'UTC' };
const badOption = expect.objectContaining({ code: 'bad_option', exitCode: 2 });

describe('without flags', () => {
  it('nothing is selected, protected or rewritten', () => {
    expect([selectionOf(times), privacyOf({}), rewriteOf(times, 'run', 0)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('a selection', () => {
  it('reads a time of any spelling, in the zone of the import', () => {
    expect(selectionOf({ timezone: '+02:00', since: '2025-06-01', until: '2025-06-02T00:00:00Z' })).toEqual({
      since: Date.UTC(2025, 4, 31, 22) * 1000,
      until: Date.UTC(2025, 5, 2) * 1000,
      sample: undefined,
    });
  });

  it.each([
    ['500', { kind: 'count', count: 500 }],
    ['0', { kind: 'count', count: 0 }],
    ['2.5 %', { kind: 'share', share: 0.025 }],
  ])('takes a sample of %s', (sample, expected) => {
    expect(selectionOf({ ...times, sample })?.sample).toEqual(expected);
  });

  it.each([
    { since: 'yesterday-ish' },
    { until: '03/04/2025' },
    { since: '2025-06-02', until: '2025-06-02' },
    { sample: '101%' },
    { sample: '-1' },
    { sample: 'some' },
  ])('refuses %j', (flags) => {
    expect(() => selectionOf({ ...times, ...flags })).toThrow(badOption);
  });
});

describe('a rewrite', () => {
  it('takes a seed, or makes one of its own each time', () => {
    expect(rewriteOf({ ...times, remapIds: 'demo' }, 'run', 0)?.remapSeed).toBe('demo');
    const seeds = [1, 2].map(() => rewriteOf({ ...times, remapIds: '' }, 'run', 0)?.remapSeed);
    expect(seeds[0]).toMatch(/^[0-9a-f]{16}$/);
    expect(seeds[1]).not.toBe(seeds[0]);
  });

  it('shifts to now or to a time, and names the run only where origins are wanted', () => {
    expect(rewriteOf({ ...times, shiftTimeTo: 'now' }, 'run', 42)).toEqual({
      remapSeed: undefined,
      shiftTo: 42,
      provenance: undefined,
    });
    expect(rewriteOf({ ...times, shiftTimeTo: '1970-01-01T00:00:01Z' }, 'run', 0)?.shiftTo).toBe(1_000_000);
    expect(rewriteOf({ ...times, provenance: true }, 'run', 0)?.provenance).toBe('run');
    expect(() => rewriteOf({ ...times, shiftTimeTo: 'soon' }, 'run', 0)).toThrow(badOption);
  });
});
