import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import type { ExitCode } from '../../errors.js';
import { dryRun, importFiles } from '../../import.js';
import type { ImportEvent } from '../../report/events.js';
import { renderJson } from '../../report/json.js';
import { createNotices, type Verbosity } from '../../report/notices.js';
import { createProgress, noProgress } from '../../report/progress.js';
import { createRejects, runDirectory } from '../../report/rejects.js';
import type { Summary } from '../../report/summary.js';
import type { Output } from '../../report/terminal.js';
import { renderText } from '../../report/text.js';
import {
  batchOptions,
  ledgerOptions,
  planOptions,
  uploadOptions,
  type Surroundings,
} from '../import-options.js';
import { drainMilliseconds } from '../interrupts.js';
import type { ImportFlags } from '../program.js';

/** Where the rejects of a run go, unless `--rejects` says otherwise. */
const rejectsFolder = 'respan-import-rejects';

/** Runs an import or a dry run, shows it, and gives the exit code. */
export async function importCommand(
  files: readonly string[],
  flags: ImportFlags,
  from: Surroundings,
  output: Output,
): Promise<ExitCode> {
  if (flags.sandbox === true)
    return withSandbox(from, (sandboxed, stateDir) => run(files, { ...flags, stateDir }, sandboxed, output));
  return run(files, flags, from, output);
}

async function run(
  files: readonly string[],
  flags: ImportFlags,
  from: Surroundings,
  output: Output,
): Promise<ExitCode> {
  if (flags.apiKey !== undefined && flags.quiet !== true) {
    output.writeError(
      '--api-key shows the key to every user of this machine: better RESPAN_API_KEY or --api-key-file\n',
    );
  }
  const show = createReporters(flags, from, output);
  let summary: Summary;
  try {
    const plan = await planOptions(files, flags, from);
    summary =
      flags.dryRun === true
        ? await dryRun(plan, batchOptions(flags), ledgerOptions(flags, from), show.handle)
        : await importFiles(plan, uploadOptions(flags, from), show.handle);
  } finally {
    show.close();
  }
  summary = { ...summary, rejects: show.rejects() };
  const { paint } = output.stdout;
  output.write(
    flags.json === true ? renderJson(summary) : renderText(summary, { paint, ascii: output.ascii }),
  );
  return summary.exit_code;
}

interface Reporters {
  handle: (event: ImportEvent) => void;
  rejects: () => Summary['rejects'];
  close: () => void;
}

function createReporters(flags: ImportFlags, from: Surroundings, output: Output): Reporters {
  const verbosity: Verbosity = flags.quiet === true ? 'quiet' : flags.verbose === true ? 'verbose' : 'normal';
  const notices = createNotices({ output, verbosity });
  const progress = flags.quiet === true || !flags.progress ? noProgress : createProgress(output);
  // A dry run leaves nothing behind unless it is asked to.
  const wanted = flags.dryRun !== true || flags.rejects !== undefined;
  const rejects = wanted
    ? createRejects(flags.rejects ?? runDirectory(rejectsFolder, new Date()))
    : undefined;
  const handle = (event: ImportEvent): void => {
    rejects?.handle(event);
    notices.handle(event);
    progress.handle(event);
  };
  const onInterrupt = (): void => handle({ kind: 'interrupted', drainSeconds: drainMilliseconds / 1000 });
  from.interrupts.interrupt.addEventListener('abort', onInterrupt, { once: true });
  return {
    handle,
    rejects: () => rejects?.files() ?? null,
    close() {
      from.interrupts.interrupt.removeEventListener('abort', onInterrupt);
      progress.close();
      notices.finish();
      rejects?.close();
    },
  };
}

/** A server for this run alone, and a ledger that ends with it: the next sandbox starts empty. */
async function withSandbox(
  from: Surroundings,
  action: (sandboxed: Surroundings, stateFolder: string) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { startSandbox } = await import('../../sandbox/server.js');
  const sandbox = await startSandbox({ port: 0 });
  const stateFolder = mkdtempSync(path.join(os.tmpdir(), 'respan-import-'));
  const remove = (): void => rmSync(stateFolder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    const env = { RESPAN_API_KEY: 'sandbox', RESPAN_BASE_URL: sandbox.url };
    return await action({ ...from, env }, stateFolder);
  } finally {
    process.removeListener('exit', remove);
    remove();
    await sandbox.close();
  }
}
