import { defaultNormaliseOptions } from '../../src/default-options.js';
import type { NormaliseOptions } from '../../src/span/options.js';
import type { Normalised } from '../../src/span/normalised.js';
import type { SpanDraft } from '../../src/span/span.js';

export function options(overrides: Partial<NormaliseOptions> = {}): NormaliseOptions {
  return { ...defaultNormaliseOptions(Date.UTC(2026, 0, 1) * 1000), ...overrides };
}

export function draft(overrides: Partial<SpanDraft> = {}): SpanDraft {
  return {
    traceId: 'trace-1',
    spanId: 'span-1',
    start: '2025-09-08T07:46:14.007279Z',
    end: '2025-09-08T07:46:19.041835Z',
    fields: {},
    metadata: {},
    sourceNames: {},
    ...overrides,
  };
}

/** A row in the target's shape that no rule has to touch. */
export function nativeRow(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    trace_unique_id: 'trace-1',
    span_unique_id: 'span-1',
    span_parent_id: null,
    span_name: 'answer.workflow',
    start_time: '2025-09-08T07:46:14.007279Z',
    timestamp: '2025-09-08T07:46:19.041835Z',
    ...overrides,
  };
}

export function spanOf(result: Normalised) {
  if (result.kind === 'reject') throw new Error(`rejected: ${result.problem.code} ${result.problem.message}`);
  return result.span;
}

export function bodyOf(result: Normalised): Record<string, unknown> {
  const { body } = spanOf(result);
  if (body === 'row') throw new Error('the row passed as it is');
  return body;
}

export function warningsOf(result: Normalised): string[] {
  return result.kind === 'reject' ? [] : result.warnings.map(({ code }) => code);
}

export function problemOf(result: Normalised) {
  if (result.kind === 'span') throw new Error('not rejected');
  return result.problem;
}
