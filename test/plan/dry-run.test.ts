import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { spansByTrace } from '../../src/trace/order.js';
import {
  csv,
  file,
  filesIn,
  freshPath,
  jsonl,
  outcomeOf,
  planOf,
  planOpen,
  sentSpans,
  span,
} from './make-plan.js';

const generic = { trace_id: 't', span_id: 's', start_time: '2025-06-05T10:00:00Z', model: 'small' };

/** Inputs whose bodies come to lie in each kind of place. */
const inputs: [string, string][] = [
  ['rows that pass as they are', jsonl([span(), span({ span_unique_id: 'b', span_parent_id: 'span-1' })])],
  ['rows that are mapped', jsonl([generic, { ...generic, span_id: 'u', parent_id: 's' }])],
  ['rows without ids', jsonl([{ model: 'm', prompt: 'p' }, { model: 'm', prompt: 'p' }, { model: 'n' }])],
  ['halves of rows that pass', jsonl([span({ model: 'm' }), span({ output: 'o' }), span({ model: 'n' })])],
  ['halves of rows that are mapped', jsonl([generic, { ...generic, output: 'o' }, generic])],
  ['halves in CSV', csv(Object.keys({ ...generic, output: '' }), [generic, { ...generic, output: 'o' }])],
  ['edges that are mended', jsonl([span({ span_parent_id: 'span-1' }), span({ span_unique_id: 'o' })])],
  ['edges of mapped rows that are mended', jsonl([{ ...generic, parent_id: 's' }])],
  ['mended edges of spans without ids of their own', jsonl([{ trace_id: 't', parent_id: 't', model: 'm' }])],
  ['a merged span whose edge is mended', jsonl([span({ model: 'm' }), span({ span_parent_id: 'span-1' })])],
];

const withoutParent = ({ span_parent_id: _parent, ...rest }: Record<string, unknown>) => rest;

describe('a dry run', () => {
  it.each(inputs)('tells what an import tells of %s', async (_, content) => {
    const input = file(content);
    const imported = await planOf([input]);
    const dry = await planOf([input], { dryRun: true });
    expect(imported.plan.index.defined).toBeGreaterThan(0);
    expect(outcomeOf(dry)).toEqual(outcomeOf(imported));
  });

  it.each(inputs)('reads back what an import would send of %s, but for mended edges', async (_, content) => {
    const input = file(content);
    const imported = await planOf([input]);
    const dry = await planOf([input], {
      dryRun: true,
      rewrite: { remapSeed: 'seed', shiftTo: Date.UTC(2026, 0, 1) * 1000, provenance: 'run' },
    });
    dry.plan.index.seal();
    const spans = [...spansByTrace(dry.plan.index)].flat().map((number) => dry.plan.spanOf(number));
    expect(spans.map(withoutParent)).toEqual(sentSpans(imported.plan).map(withoutParent));
  });

  it.each(inputs.slice(0, 3))('creates no file for %s', async (_, content) => {
    const spoolFolder = freshPath('spool');
    await planOf([file(content)], { dryRun: true, spoolFolder });
    expect(existsSync(spoolFolder)).toBe(false);
  });

  it('leaves no file behind where halves must be kept', async () => {
    const spoolFolder = freshPath('spool');
    const { plan } = await planOf([file(jsonl([span({ model: 'm' }), span({ output: 'o' })]))], {
      dryRun: true,
      spoolFolder,
    });
    expect(plan.counts.merged).toBe(1);
    expect(filesIn(spoolFolder)).toEqual([]);
  });

  it.each([
    ['another row', '{"trace_id":"t","span_id":"z"'],
    [
      'another span of the same ids',
      '{"trace_id":"t","span_id":"s","start_time":"2025-06-05T10:00:00Z","names"',
    ],
    ['no row', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxx'],
  ])('stops where a row has become %s before its second half is read', async (_, overwritten) => {
    // Longer than what is read at once, so that the first row has been read and the last has not.
    const rest = Array.from({ length: 3000 }, (__, place) => ({
      ...generic,
      span_id: `s${place}`,
      output: 'x'.repeat(100),
    }));
    const input = file(jsonl([generic, ...rest, { ...generic, output: 'o' }]));
    let changed = false;
    const planning = planOpen([input], { dryRun: true }, (event) => {
      if (changed || event.kind !== 'rows-read') return;
      changed = true;
      const descriptor = openSync(input, 'r+');
      writeSync(descriptor, overwritten, 0);
      closeSync(descriptor);
    });
    await expect(planning).rejects.toMatchObject({ code: 'input_changed', exitCode: 3 });
  });
});

describe('an import', () => {
  it('leaves rows that pass where they are, and their bytes as they are', async () => {
    const odd = '{ "trace_unique_id":"t",  "span_unique_id":"s", "span_name":"\\u0041" }';
    const { plan } = await planOf([file(`\n${odd}\r\n`)]);
    expect(plan.index.location(0)).toMatchObject({ kind: 'input', offset: 1, length: odd.length });
    expect(plan.bodies.read(plan.index.location(0)).toString()).toBe(odd);
  });

  it('keeps what it maps in a file that has no name', async () => {
    const spoolFolder = freshPath('spool');
    const { plan } = await planOf([file(jsonl([generic]))], { spoolFolder });
    expect(plan.index.location(0).kind).toBe('spool');
    expect(sentSpans(plan)).toMatchObject([{ trace_unique_id: 't', span_unique_id: 's', model: 'small' }]);
    expect(filesIn(spoolFolder)).toEqual([]);
  });

  it('changes no input', async () => {
    const content = jsonl([generic, span(), { broken: 1 }]);
    const input = file(content);
    await planOf([input], { source: 'generic' });
    expect(readFileSync(input, 'utf8')).toBe(content);
  });
});
