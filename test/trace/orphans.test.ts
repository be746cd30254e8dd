import { describe, expect, it } from 'vitest';

import type { Finding } from '../../src/trace/finding.js';
import { lintOrphans } from '../../src/trace/orphans.js';
import { indexOf, type SpanSketch } from './factories.js';

function orphansOf(spans: readonly SpanSketch[]): [string, boolean | undefined][] {
  const { index, idOf } = indexOf(spans);
  const found: Finding[] = [];
  lintOrphans(index, (finding) => found.push(finding));
  return found.map(({ span, parentElsewhere }) => [idOf(span), parentElsewhere]);
}

describe('orphans', () => {
  it('are spans whose parent no row of their trace defines, and not those below them', () => {
    const spans = [
      { id: 'a', parent: 'missing' },
      { id: 'b', parent: 'a' },
      { id: 'root' },
      { id: 'c', parent: 'missing' },
    ];
    expect(orphansOf(spans)).toEqual([
      ['a', false],
      ['c', false],
    ]);
  });

  it('are told where their parent is a span of another trace, before or after them', () => {
    const spans = [
      { trace: 'one', id: 'early' },
      { trace: 'two', id: 'a', parent: 'early' },
      { trace: 'two', id: 'b', parent: 'late' },
      { trace: 'two', id: 'c', parent: 'missing' },
      { trace: 'three', id: 'late' },
    ];
    expect(orphansOf(spans)).toEqual([
      ['a', true],
      ['b', true],
      ['c', false],
    ]);
  });

  it('take a parent that is only named in another trace for missing', () => {
    const spans = [
      { trace: 'one', id: 'a', parent: 'missing' },
      { trace: 'two', id: 'b', parent: 'missing' },
    ];
    expect(orphansOf(spans).map(([, elsewhere]) => elsewhere)).toEqual([false, false]);
  });

  it('are found where the report changes their edges on the way', () => {
    const { index } = indexOf([
      { id: 'a', parent: 'missing' },
      { id: 'b', parent: 'missing' },
    ]);
    let found = 0;
    lintOrphans(index, ({ span }) => {
      found += 1;
      index.makeRoot(span);
    });
    expect(found).toBe(2);
    lintOrphans(index, () => (found += 1));
    expect(found).toBe(2);
  });
});
