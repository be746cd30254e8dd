import { expect, test } from 'vitest';

import { runCommand } from '../support/command.js';

test.each(['--help', '-h', '--version', '-V'])(
  '%s alone is answered as the command line answers it',
  async (flag) => {
    const alone = await runCommand([flag]);
    const parsed = await runCommand(['--ascii', flag]);
    expect(alone).toMatchObject({ code: 0, stderr: '' });
    expect(alone.stdout).not.toBe('');
    expect(alone).toEqual(parsed);
  },
);

test('the help of a command is not the one of the program', async () => {
  const [program, command] = await Promise.all([runCommand(['--help']), runCommand(['tree', '--help'])]);
  expect(command.code).toBe(0);
  expect(command.stdout).toContain('respan-import tree');
  expect(command.stdout).not.toBe(program.stdout);
});
