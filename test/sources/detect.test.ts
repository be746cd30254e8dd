import { describe, expect, it } from 'vitest';
import { ImportError } from '../../src/errors.js';
import { detectSource } from '../../src/sources/detect.js';
import { findSource, sources } from '../../src/sources/registry.js';
import type { Recogniser } from '../../src/sources/source.js';

const span = { trace_unique_id: 't', span_unique_id: 's' };
const log = { prompt: 'q', answer: 'a' };

const agreeing = (name: string, count: number): Recogniser => ({
  ...findSource('respan'),
  name,
  detect: () => ({ agreeing: count, because: name }),
});

function detected(sample: readonly unknown[]) {
  return detectSource(sample, sources)?.source.name;
}

describe('detecting the source', () => {
  it.each<[string, unknown[], string | undefined]>([
    ['spans', [span, span], 'respan'],
    ['four spans of five rows', [span, span, span, span, log], 'respan'],
    ['log lines', [log, { colour: 'red' }, log, log, log], 'generic'],
    ['objects of any kind', [{ colour: 'red' }, {}], 'generic'],
    ['scalars', [1, 'x', []], undefined],
    ['too many scalars', [log, log, log, 1, 2], undefined],
    ['nothing', [], undefined],
  ])('%s', (_, sample, expected) => {
    expect(detected(sample)).toBe(expected);
  });

  it('tells why, and the next best, which the fallback never is', () => {
    const three = [agreeing('first', 4), agreeing('second', 3), agreeing('fallback', 5)];
    const found = detectSource([1, 2, 3, 4, 5], three);
    expect(found?.evidence).toEqual({ agreeing: 4, because: 'first' });
    expect(found?.runnerUp?.source.name).toBe('second');
    expect(detectSource([1, 2, 3, 4, 5], three.toSpliced(1, 1))?.runnerUp).toBeUndefined();
  });
});

describe('--source', () => {
  it('finds a source by name and lists the names otherwise', () => {
    expect(findSource('Respan').name).toBe('respan');
    expect(() => findSource('nonsense')).toThrow(ImportError);
    expect(() => findSource('nonsense')).toThrow(
      expect.objectContaining({
        code: 'unknown_source',
        exitCode: 2,
        hint: expect.stringContaining('generic'),
      }),
    );
  });

  it('tries generic last', () => {
    expect(sources.at(-1)?.name).toBe('generic');
  });
});
