/** A clean row in the target's shape. Undefined values are left out. */
export function nativeRow(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    trace_unique_id: 'trace-1',
    span_unique_id: 'span-1',
    span_parent_id: null,
    span_name: 'agent.workflow',
    start_time: '2025-06-05T10:00:00.000001Z',
    timestamp: '2025-06-05T10:00:01.500000Z',
    latency: 1.499999,
    ...overrides,
  };
}

/** `count` spans in traces of `spansPerTrace`, a root and its children, interleaved over all traces. */
export function nativeRows(count: number, spansPerTrace = 5): Record<string, unknown>[] {
  const traces = Math.ceil(count / spansPerTrace);
  return Array.from({ length: count }, (_, position) => {
    const trace = position % traces;
    const child = Math.floor(position / traces);
    return nativeRow({
      trace_unique_id: `trace-${trace}`,
      span_unique_id: `span-${trace}-${child}`,
      span_parent_id: child === 0 ? null : `span-${trace}-0`,
      span_name: child === 0 ? 'agent.workflow' : 'openai.chat',
    });
  });
}

export function jsonLines(rows: readonly unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}
