import { describe, expect, it } from 'vitest';

import { planOptions, uploadOptions } from '../../src/cli/import-options.js';
import { defaultPlanOptions, defaultUploadOptions } from '../../src/default-options.js';
import { adaline } from '../../src/targets/adaline.js';
import { respan } from '../../src/targets/respan.js';
import { importFlags, surroundings } from './import-flags.js';

const project = 'project-of-this-test-1';
const from = surroundings({ RESPAN_API_KEY: 'key', ADALINE_API_KEY: 'key', ADALINE_PROJECT_ID: project });
const adalineOptions = {
  onOversize: 'reject',
  runEvaluation: false,
  events: false,
  promptId: undefined,
  deploymentId: undefined,
} as const;
const state = ['--state-dir', '/state'];
/** Another one each time, or known to the command line alone. */
const unlike = new Set('run now command environment digesting dryRun gzip verify'.split(' '));

function told(options: object): unknown {
  return JSON.parse(JSON.stringify(options, (name, value) => (unlike.has(name) ? undefined : value)));
}

describe('the options of the library', () => {
  it('read files as the command line does without flags', async () => {
    const { normalise, ...asked } = await planOptions(['logs.jsonl'], await importFlags(...state), from);
    const { normalise: usual, ...others } = defaultPlanOptions(['logs.jsonl'], '/state');
    expect(told(asked)).toEqual(told(others));
    expect(told(normalise)).toEqual(told(usual));
  });

  it.each([
    ['respan', respan, 'https://api.respan.ai', []],
    ['adaline', adaline(project, adalineOptions), 'https://api.adaline.ai', ['--target', 'adaline']],
  ] as const)('send to %s as the command line does without flags', async (_, target, baseUrl, flags) => {
    const asked = await uploadOptions(await importFlags(...state, ...flags), from);
    const usual = defaultUploadOptions({ baseUrl, key: 'key' }, '/state', target);
    const destination = { ...usual.destination, project: asked.destination.project };
    expect(told(asked)).toEqual(told({ ...usual, destination }));
  });
});
