import { afterEach, describe, expect, it, vi } from 'vitest';
import { helpWidth } from '../../src/cli/constant-answers.js';
import type { ImportFlags, SandboxFlags } from '../../src/cli/flags.js';
import { createProgram } from '../../src/cli/program.js';

/** Runs a command line without its actions: what they were asked for, and what was printed. */
async function run(...args: string[]) {
  const called: { files?: string[]; flags?: ImportFlags; sandbox?: SandboxFlags } = {};
  let printed = '';
  const program = createProgram('1.2.3', {
    import: async (files, flags) => void Object.assign(called, { files, flags }),
    explain: async () => {},
    tree: async () => {},
    formats: async () => {},
    status: async () => {},
    forget: async () => {},
    sandbox: async (sandbox) => void Object.assign(called, { sandbox }),
  });
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      getOutHelpWidth: () => helpWidth,
      writeOut: (text) => (printed += text),
      writeErr: (text) => (printed += text),
    });
  }
  const failure = await program.parseAsync(args, { from: 'user' }).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { ...called, printed, failure, program };
}

const flagsOf = async (...args: string[]): Promise<ImportFlags | undefined> =>
  (await run('logs.jsonl', ...args)).flags;

afterEach(() => vi.unstubAllEnvs());

describe('the help', () => {
  it('lists every flag once', async () => {
    for (const command of ['import', 'sandbox']) {
      const { printed, program } = await run(...(command === 'import' ? [] : [command]), '--help');
      const chosen = program.commands.find((each) => each.name() === command) ?? program;
      const listed = printed
        .match(/^ {2}(?:-\w, )?--[a-z-]+/gm)
        ?.map((line) => line.trim().split(' ').at(-1));
      const known = [...chosen.options.map(({ long }) => long), '--help'];
      expect(listed?.toSorted()).toEqual(known.map(String).toSorted());
    }
  });

  it('prints no value of the environment', async () => {
    const names = ['RESPAN_API_KEY', 'KEYWORDSAI_API_KEY', 'RESPAN_BASE_URL', 'RESPAN_API_BASE_URL'];
    for (const name of [...names, 'XDG_STATE_HOME']) vi.stubEnv(name, `/secret-${name}`);
    const { printed } = await run('--help');
    expect(printed).not.toContain('secret');
    for (const name of names) expect(printed).toContain(name);
  });

  it('fits into its width', async () => {
    for (const command of [[], ['explain'], ['tree'], ['sandbox'], ['status'], ['forget']]) {
      const { printed } = await run(...command, '--help');
      expect(printed.split('\n').filter((line) => line.length > helpWidth)).toEqual([]);
    }
  });

  it('lists every exit code', async () => {
    const { printed } = await run('--help');
    const told = printed.slice(printed.indexOf('Exit codes:'));
    for (const code of [0, 1, 2, 3, 4, 5, 70, 130])
      expect(told).toMatch(new RegExp(`(^|\\s)${code} \\w`, 'm'));
  });

  it('ends the run without an error, as the version does', async () => {
    expect((await run('--help')).failure).toMatchObject({ exitCode: 0 });
    const { failure, printed } = await run('-V');
    expect(failure).toMatchObject({ exitCode: 0 });
    expect(printed.trim()).toBe('1.2.3');
  });
});

describe('the command line of an import', () => {
  it('has the documented defaults', async () => {
    const { files, flags } = await run('a.jsonl', 'b.csv');
    expect(files).toEqual(['a.jsonl', 'b.csv']);
    expect(flags).toEqual({
      source: 'auto',
      format: 'auto',
      timezone: 'UTC',
      skip: 0,
      inferParents: 'auto',
      minConfidence: 0,
      csvDelimiter: 'auto',
      maxRowBytes: 32 * 1024 * 1024,
      maxDepth: 1000,
      maxCompressionRatio: 250,
      concurrency: 4,
      retryFor: 120_000,
      timeout: 60_000,
      resume: true,
      progress: true,
      color: true,
    });
  });

  it('takes - for standard input, and flags before and after the files', async () => {
    const { files, flags } = await run('--json', '-', '--no-resume', '-n');
    expect(files).toEqual(['-']);
    expect(flags).toMatchObject({ json: true, resume: false, dryRun: true });
  });

  it('reads the values of flags', async () => {
    const flags = await flagsOf(
      '--set',
      'a=1',
      '--set',
      'metadata.b=x=y',
      '--batch-bytes',
      '1MB',
      '--rate-limit',
      '2/s',
    );
    expect(flags).toMatchObject({
      set: ['a=1', 'metadata.b=x=y'],
      batchBytes: 1_000_000,
      rateLimit: [{ unit: 'requests', amount: 2, window: 1000 }],
    });
  });

  it.each([
    ['--concurrency', '0'],
    ['--concurrency', '65'],
    ['--batch-spans', '0'],
    ['--timeout', '0'],
    ['--max-row-bytes', 'much'],
    ['--skip', '-1'],
  ])('refuses %s %s', async (flag, value) => {
    expect((await run('logs.jsonl', flag, value)).failure).toMatchObject({ code: 'bad_option', exitCode: 2 });
  });

  it.each([
    [['--format', 'xml'], 'commander.invalidArgument'],
    [['--date-order', 'ymd'], 'commander.invalidArgument'],
    [['--no-such-flag'], 'commander.unknownOption'],
    [['--sandbox', '--dry-run'], 'commander.conflictingOption'],
    [['--sandbox', '--base-url', 'https://h.example'], 'commander.conflictingOption'],
    [['--api-key', 'k', '--api-key-file', 'f'], 'commander.conflictingOption'],
    [['--quiet', '--verbose'], 'commander.conflictingOption'],
  ])('refuses %j and starts nothing', async (args, code) => {
    const { failure, flags } = await run('logs.jsonl', ...args);
    expect(failure).toMatchObject({ code });
    expect(flags).toBeUndefined();
  });

  it('refuses to run without a file', async () => {
    expect((await run('--json')).failure).toMatchObject({ code: 'commander.missingArgument' });
  });
});

describe('the command line of the sandbox', () => {
  it('has the documented defaults', async () => {
    const { sandbox, flags } = await run('sandbox');
    expect(sandbox).toEqual({ port: 8377, host: '127.0.0.1', maxBodyBytes: 100 * 1024 * 1024 });
    expect(flags).toBeUndefined();
  });

  it('takes its own flags', async () => {
    const { sandbox } = await run('sandbox', '--port', '0', '--key', 'k');
    expect(sandbox).toMatchObject({ port: 0, key: 'k' });
  });
});
