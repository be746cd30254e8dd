import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { csv, file, jsonl, planOf, span } from './make-plan.js';

const self = span({ span_unique_id: 'self', span_parent_id: 'self' });
const orphan = (overrides: Record<string, unknown> = {}) =>
  span({ span_unique_id: 'orphan', span_parent_id: 'missing', ...overrides });

/** The offset of the n-th line of a text in bytes. */
function lineOffset(text: string, line: number): number {
  return (
    Buffer.byteLength(
      text
        .split('\n')
        .slice(0, line - 1)
        .join('\n'),
    ) + (line === 1 ? 0 : 1)
  );
}

function place(text: string, line: number, input = 0): string {
  return `${input}:${line}:${lineOffset(text, line)}`;
}

describe.each([false, true])('places, dry run %s', (dryRun) => {
  it('of rejected rows are their line and their first byte', async () => {
    const text = `${JSON.stringify(span({ span_name: 'ü' }))}\n\n  {"a":\n${JSON.stringify(span({ start_time: 'no' }))}\n42\n`;
    const { rejects } = await planOf([file(text)], { dryRun, source: 'respan' });
    expect(rejects).toEqual([
      ['bad_json', `0:3:${lineOffset(text, 3) + 2}`],
      ['bad_time', place(text, 4)],
      ['not_an_object', place(text, 5)],
    ]);
  });

  it('of mended edges are those of the rows, where rows pass as they are', async () => {
    const text = `\n${jsonl([span(), self, orphan()])}`;
    const { warnings } = await planOf([file(text)], { dryRun });
    expect(warnings).toEqual([
      ['self_parent', place(text, 3)],
      ['orphan_parent', place(text, 4)],
    ]);
  });

  it('of mended edges are those of the rows, where spans are mapped', async () => {
    const rows = [
      { trace_id: 't', span_id: 'a', start_time: '2025-06-05T10:00:00Z', output: 'two\nlines' },
      { trace_id: 't', span_id: 'b', parent_id: 'b', start_time: '2025-06-05T10:00:00Z' },
    ];
    const fromJson = jsonl(rows);
    const json = await planOf([file(fromJson)], { dryRun });
    expect(json.warnings).toEqual([['self_parent', place(fromJson, 2)]]);
    const fromCsv = csv(['trace_id', 'span_id', 'parent_id', 'start_time', 'output'], rows);
    const table = await planOf([file(fromCsv)], { dryRun });
    // The header is line 1, and the first record goes over two lines.
    expect(table.warnings).toEqual([['self_parent', place(fromCsv, 4)]]);
  });

  it('of mended edges are those of the rows, where the input cannot be read again', async () => {
    const text = jsonl([span(), self, orphan()]);
    const { warnings, plan } = await planOf([file(gzipSync(text), 'input.gz')], { dryRun });
    expect(plan.index.location(0).kind).toBe('spool');
    expect(warnings).toEqual([
      ['self_parent', place(text, 2)],
      ['orphan_parent', place(text, 3)],
    ]);
  });

  it('of a merged span are those of its first row, in whatever file', async () => {
    const first = jsonl([span(), orphan({ model: 'm' })]);
    const second = jsonl([span({ span_unique_id: 'b' }), orphan({ output: 'o' }), orphan({ cost: 1 })]);
    const { warnings, plan } = await planOf([file(first), file(second)], { dryRun });
    expect(plan.counts.merged).toBe(2);
    expect(warnings).toEqual([['orphan_parent', place(first, 2)]]);
  });

  it('of a conflict are those of the row that contradicts', async () => {
    const first = jsonl([span({ model: 'm' })]);
    const second = jsonl([{}, span({ model: 'n' })]);
    const { warnings } = await planOf([file(first), file(second)], { dryRun });
    expect(warnings).toEqual([['conflicting_span', place(second, 2, 1)]]);
  });

  it('count lines and bytes for each input anew, empty ones between them', async () => {
    const texts = [jsonl([span()]), '', jsonl([orphan({ trace_unique_id: 'u' })]), jsonl([self])];
    const { warnings } = await planOf(
      texts.map((text) => file(text)),
      { dryRun },
    );
    expect(warnings).toEqual([
      ['self_parent', '3:1:0'],
      ['orphan_parent', '2:1:0'],
    ]);
  });

  it('of the elements of an array are their own', async () => {
    const text = `[\n  ${JSON.stringify(span())}, ${JSON.stringify(self)},\n  ${JSON.stringify(span({ start_time: 'no' }))}\n]`;
    const { warnings, rejects } = await planOf([file(text)], { dryRun });
    expect(warnings).toEqual([['self_parent', `0:2:${text.indexOf(JSON.stringify(self))}`]]);
    expect(rejects).toEqual([['bad_time', `0:3:${lineOffset(text, 3) + 2}`]]);
  });
});
