import { ImportError, usageError, type ExitCode } from '../../errors.js';
import { dryRun, importFiles } from '../../import.js';
import type { LedgerOptions } from '../../options.js';
import type { OnEvent } from '../../report/events.js';
import { renderJson } from '../../report/json.js';
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
  type Warn,
} from '../import-options.js';
import type { ImportFlags } from '../flags.js';
import { withSandbox } from '../rehearsal.js';
import { createReporters } from '../reporters.js';

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
  const warn: Warn = (line) => {
    if (flags.quiet !== true) output.writeError(`${sanitise(line)}\n`);
  };
  if (flags.apiKey !== undefined) {
    warn(
      '--api-key shows the key to every user of this machine: better a variable of the environment, or --api-key-file',
    );
  }
  if (flags.draw !== undefined && flags.dryRun !== true)
    throw usageError(
      'bad_option',
      '--draw goes with --dry-run',
      'respan-import tree FILE draws traces without a run',
    );
  const show = await createReporters(flags, from, output);
  const summarise = flags.dryRun === true ? check : send;
  let summary: Summary;
  try {
    summary = await summarise(files, flags, from, warn, show.handle);
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

type Summarise = (
  files: readonly string[],
  flags: ImportFlags,
  from: Surroundings,
  warn: Warn,
  onEvent: OnEvent,
) => Promise<Summary>;

const check: Summarise = async (files, flags, from, warn, onEvent) => {
  // An import would not start with a wrong file.
  await authoritiesOf(flags, from.env);
  const plan = await planOptions(files, flags, from);
  const batches = await batchOptions(flags, from.env);
  return dryRun(plan, batches, await knownLedger(flags, from, warn), onEvent, tracesToDraw(flags));
};

const send: Summarise = async (files, flags, from, warn, onEvent) => {
  const name = runName(new Date());
  const plan = await planOptions(files, flags, from, name);
  const upload = await uploadOptions(flags, from, name, warn);
  const { repeatDecisions } = await import('../repeat-decisions.js');
  return importFiles({ ...plan, settleRewrite: repeatDecisions(upload, flags) }, upload, onEvent);
};

/** A dry run works without a key, so also where the active profile gives none; not where the profile was asked for. */
async function knownLedger(
  flags: ImportFlags,
  from: Surroundings,
  warn: Warn,
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
