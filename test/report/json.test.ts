import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ExitCode } from '../../src/errors.js';
import { renderJson, safeJson } from '../../src/report/json.js';
import type { Summary } from '../../src/report/summary.js';
import { createDryRun, createSummary } from './factories.js';
import { schemaViolations } from './schema-violations.js';

const schema: unknown = JSON.parse(
  readFileSync(new URL('../../schema/report.schema.json', import.meta.url), 'utf8'),
);
const { rows } = createSummary();

const full = createSummary({
  rows: { ...rows, skipped_by_reason: { empty_object: 1 }, rejected_by_code: { bad_json: 1 } },
  warnings: { naive_time: 1 },
  notes: { multiple_roots: 1 },
  strict: true,
  errors: { count: 1, messages: ['no'] },
  rejects: { directory: 'd', rows: ['d/rejects.csv'], spans: 'd/spans.jsonl', reasons: 'd/reasons.jsonl' },
  stopped: { code: 'too_many_errors', message: 'm', hint: null },
  exit_code: 3,
});

const parsed = (summary: Summary): unknown => JSON.parse(renderJson(summary));

describe('the schema', () => {
  test.each([
    ['an import', createSummary()],
    ['a dry run', createDryRun({ time_range: null })],
    ['an import with everything in it', full],
  ])('takes %s', (_name, summary) => {
    expect(schemaViolations(schema, parsed(summary))).toEqual([]);
  });

  test.each(Object.values(ExitCode))('takes exit code %d', (exit_code) => {
    expect(schemaViolations(schema, parsed(createSummary({ exit_code })))).toEqual([]);
  });

  test('refuses a missing, an unknown and a mistyped member, at any depth', () => {
    const { traces, ...rest } = createSummary();
    const wrong = { ...rest, trace_count: traces, seconds: { plan: -1, upload: '0' } };
    expect(schemaViolations(schema, wrong).toSorted()).toEqual([
      '$.seconds.plan: minimum',
      '$.seconds.upload: type',
      '$.trace_count: unknown',
      '$.traces: missing',
    ]);
  });

  test('describes every member', () => {
    const undescribed: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      if ('properties' in node && typeof node.properties === 'object' && node.properties !== null) {
        for (const [name, child] of Object.entries(node.properties)) {
          const described: unknown = child?.description;
          if (typeof described !== 'string' || described === '') undescribed.push(`${path}.${name}`);
          visit(child, `${path}.${name}`);
        }
      }
      if ('items' in node) visit(node.items, `${path}[]`);
    };
    visit(schema, '$');
    expect(undescribed).toEqual([]);
  });
});

test('the report is the summary itself, one document that ends its line', () => {
  expect(parsed(full)).toEqual(full);
  expect(renderJson(full).endsWith('}\n')).toBe(true);
});

test('characters that a terminal would obey are escaped, and mean the same', () => {
  const value = { text: '\u001b[2J \u009b \u202e \u200b \u2028 \u{e0041} ü 😀' };
  expect(safeJson(value)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(safeJson(value)).toContain('ü 😀');
  expect(JSON.parse(safeJson(value))).toEqual(value);
});
