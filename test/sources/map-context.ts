import type { MapContext } from '../../src/sources/source.js';

/** What a source is told beside a row; of a JSON row unless a test says otherwise. */
export function mapContext(overrides: Partial<MapContext> = {}): MapContext {
  return {
    traceBy: undefined,
    text: () => '',
    isRecord: false,
    inputName: 'logs.jsonl',
    line: 1,
    memory: new Map(),
    ...overrides,
  };
}
