import { rmSync } from 'node:fs';

import { ImportError, usageError, type ExitCode } from '../../errors.js';
import { dryRun, importFiles } from '../../import.js';
import type { LedgerOptions, PlanOptions, UploadOptions } from '../../options.js';
import type { ImportEvent, OnEvent } from '../../report/events.js';
import { renderJson } from '../../report/json.js';
import { createNotices, type Verbosity } from '../../report/notices.js';
import type { MissingSpans } from '../../report/missing-spans.js';
import { createProgress, noProgress } from '../../report/progress.js';
import type { Rejects } from '../../report/rejects.js';
import type { Summary } from '../../report/summary.js';
import { sanitise, type Output } from '../../report/terminal.js';
import { renderText } from '../../report/text.js';
import { runName } from '../../run-name.js';
import type { DrawnTrace } from '../../tree/drawn-trace.js';
import {
  authoritiesOf,
  batchOptions,
  ledgerOptions,
  planOptions,
  uploadOptions,
  type Surroundings,
} from '../import-options.js';
import { drainMilliseconds } from '../interrupts.js';
import type { ImportFlags } from '../flags.js';

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
  const warn = (line: string): void => {
    if (flags.quiet !== true) output.writeError(`${sanitise(line)}\n`);
  };
  if (flags.apiKey !== undefined) {
    warn('--api-key shows the key to every user of this machine: better RESPAN_API_KEY or --api-key-file');
  }
  if (flags.draw !== undefined && flags.dryRun !== true)
    throw usageError(
      'bad_option',
      '--draw goes with --dry-run',
      'respan-import tree FILE draws traces without a run',
    );
  const show = await createReporters(flags, from, output);
  let summary: Summary;
  try {
    // A dry run finds out about a wrong file too.
    if (flags.dryRun === true) await authoritiesOf(flags, from.env);
    const name = runName(new Date());
    const plan = await planOptions(files, flags, from, name);
    summary =
      flags.dryRun === true
        ? await dryRun(
            plan,
            await batchOptions(flags, from.env),
            await knownLedger(flags, from, warn),
            show.handle,
            tracesToDraw(flags),
          )
        : await importForReal(plan, await uploadOptions(flags, from, name, warn), flags, show.handle);
  } catch (error) {
    show.close();
    throw error;
  }
  const unwritable = show.close();
  summary = withRejects({ ...summary, missing: show.missing() }, show.rejects(), unwritable);
  const { paint } = output.stdout;
  const { ascii } = output;
  output.write(
    flags.json === true
      ? renderJson(summary)
      : renderText(summary, { paint, ascii, drawings: await drawingsOf(show.drawn(), summary, output) }),
  );
  return summary.exit_code;
}

/** A dry run works without a key, so also where the active profile gives none; not where the profile was asked for. */
async function knownLedger(
  flags: ImportFlags,
  from: Surroundings,
  warn: (line: string) => void,
): Promise<LedgerOptions | undefined> {
  try {
    return await ledgerOptions(flags, from, warn);
  } catch (error) {
    const isOptional =
      error instanceof ImportError && error.code.startsWith('profile_') && flags.profile === undefined;
    if (!isOptional) throw error;
    warn(`what was sent before is not known: ${error.message}`);
    return undefined;
  }
}

/** In a dry run that shows text, and unless `--draw` says otherwise. */
const tracesDrawn = 2;

function tracesToDraw({ draw, json, quiet }: ImportFlags): number {
  return json === true || quiet === true ? 0 : (draw ?? tracesDrawn);
}

async function drawingsOf(
  traces: readonly DrawnTrace[],
  summary: Summary,
  output: Output,
): Promise<string[]> {
  if (traces.length === 0) return [];
  const { drawExcerpts } = await import('../../report/tree/excerpts.js');
  const { paint, width } = output.stdout;
  const namesInputs = summary.inputs.length > 1;
  return drawExcerpts(traces, summary.traces, { paint, ascii: output.ascii, width, namesInputs });
}

async function importForReal(
  plan: PlanOptions,
  upload: UploadOptions,
  flags: ImportFlags,
  handle: OnEvent,
): Promise<Summary> {
  const { repeatDecisions } = await import('../repeat-decisions.js');
  const settleRewrite = repeatDecisions(upload, flags);
  return importFiles({ ...plan, settleRewrite }, upload, handle);
}

interface Reporters {
  handle: (event: ImportEvent) => void;
  rejects: () => Summary['rejects'];
  /** The file that names failed and held-back spans. */
  missing: () => string | null;
  /** Excerpts of traces that the run told of. */
  drawn: () => readonly DrawnTrace[];
  /** Completes the rejects; gives the error where they could not be written. */
  close: () => ImportError | undefined;
}

/** Rejects that could not be written in full are not a complete run, but its result is still told. */
function withRejects(
  summary: Summary,
  rejects: Summary['rejects'],
  unwritable: ImportError | undefined,
): Summary {
  if (unwritable === undefined) return { ...summary, rejects };
  const { code, message, hint, exitCode } = unwritable;
  return {
    ...summary,
    rejects,
    stopped: summary.stopped ?? { code, message, hint: hint ?? null },
    exit_code: exitCode,
  };
}

async function createReporters(flags: ImportFlags, from: Surroundings, output: Output): Promise<Reporters> {
  // A dry run leaves nothing behind unless it is asked to.
  const wanted = flags.dryRun !== true || flags.rejects !== undefined;
  const records = wanted ? await createRecords(flags.rejects) : undefined;
  const verbosity: Verbosity = flags.quiet === true ? 'quiet' : flags.verbose === true ? 'verbose' : 'normal';
  const notices = createNotices({ output, verbosity });
  const progress = flags.quiet === true || !flags.progress ? noProgress : createProgress(output);
  let drawn: readonly DrawnTrace[] = [];
  const handle = (event: ImportEvent): void => {
    if (event.kind === 'traces-drawn') drawn = event.traces;
    records?.rejects.handle(event);
    records?.missing.handle(event);
    notices.handle(event);
    progress.handle(event);
  };
  const onInterrupt = (): void => handle({ kind: 'interrupted', drainSeconds: drainMilliseconds / 1000 });
  from.interrupts.interrupt.addEventListener('abort', onInterrupt, { once: true });
  return {
    handle,
    rejects: () => records?.rejects.files() ?? null,
    missing: () => records?.missing.file() ?? null,
    drawn: () => drawn,
    close() {
      from.interrupts.interrupt.removeEventListener('abort', onInterrupt);
      progress.close();
      notices.finish();
      try {
        try {
          records?.rejects.close();
        } finally {
          records?.missing.close();
        }
      } catch (error) {
        if (error instanceof ImportError) return error;
        throw error;
      }
      return undefined;
    },
  };
}

/** Names and addresses of every destination that the sandbox plays, and nothing of the user's but the project. */
function sandboxEnvironment(url: string, { ADALINE_PROJECT_ID }: Surroundings['env']): Surroundings['env'] {
  return {
    RESPAN_API_KEY: 'sandbox',
    RESPAN_BASE_URL: url,
    ADALINE_API_KEY: 'sandbox',
    ADALINE_API_URL: url,
    ADALINE_PROJECT_ID: ADALINE_PROJECT_ID ?? 'sandbox-project-of-this-run',
  };
}

interface Records {
  rejects: Rejects;
  missing: MissingSpans;
}

/** What is left behind of spans that were not imported, in a folder that is made with the first of it. */
async function createRecords(folder: string | undefined): Promise<Records> {
  const [{ createRejects, runDirectory }, { createMissingSpans }] = await Promise.all([
    import('../../report/rejects.js'),
    import('../../report/missing-spans.js'),
  ]);
  const directory = folder ?? runDirectory(rejectsFolder, new Date());
  return { rejects: createRejects(directory), missing: createMissingSpans(directory) };
}

/** A server for this run alone, and a ledger that ends with it: the next sandbox starts empty. */
async function withSandbox(
  from: Surroundings,
  action: (sandboxed: Surroundings, stateFolder: string) => Promise<ExitCode>,
): Promise<ExitCode> {
  const [{ startSandbox }, { createSandboxFolder }] = await Promise.all([
    import('../../sandbox/server.js'),
    import('../sandbox-folder.js'),
  ]);
  const sandbox = await startSandbox({ port: 0 });
  const stateFolder = createSandboxFolder();
  const remove = (): void => rmSync(stateFolder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    const env = sandboxEnvironment(sandbox.url, from.env);
    return await action({ ...from, env }, stateFolder);
  } finally {
    process.removeListener('exit', remove);
    remove();
    await sandbox.close();
  }
}
