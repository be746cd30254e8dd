import { expect, it } from 'vitest';

import { argumentsWithoutKey } from '../../src/cli/import-options.js';

const key = 'sk-marked-key-4711';

it.each([
  [['logs.jsonl', '--api-key', key, '--gzip']],
  [['logs.jsonl', `--api-key=${key}`, '--gzip']],
  [['logs.jsonl', key, '--gzip']],
])('takes the key out of %j', (args) => {
  expect(argumentsWithoutKey(args, key)).toEqual(['logs.jsonl', '--gzip']);
});

it('takes the key of a rehearsal out of its flag, and no name in which it happens to be', () => {
  expect(argumentsWithoutKey(['company.jsonl', '--api-key', 'any'], 'any')).toEqual(['company.jsonl']);
});
