import { describe, expect, it } from 'vitest';
import { EdgeColumn } from '../../src/trace/edge.js';

describe('origins of edges', () => {
  it('are explicit unless told otherwise', () => {
    expect(new EdgeColumn().get(7)).toEqual({ origin: 'explicit', candidates: 1, confidence: 1 });
  });

  it('come back as they were told, the confidence cut to a hundredth', () => {
    const edges = new EdgeColumn();
    edges.set(40_000, { origin: 'ambiguous', candidates: 3, confidence: 0.999 });
    expect(edges.get(40_000)).toEqual({ origin: 'ambiguous', candidates: 3, confidence: 0.99 });
    expect(edges.get(39_999).origin).toBe('explicit');
  });

  it('tell no more than 255 candidates', () => {
    const edges = new EdgeColumn();
    edges.set(0, { origin: 'ambiguous', candidates: 4000, confidence: 0 });
    expect(edges.get(0).candidates).toBe(255);
  });
});
