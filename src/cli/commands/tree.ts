import { setImmediate } from 'node:timers/promises';

import { ExitCode } from '../../errors.js';
import { makePlan, type Plan } from '../../plan/plan.js';
import { createNotices } from '../../report/notices.js';
import { createProgress, noProgress } from '../../report/progress.js';
import { countTraces } from '../../report/summarise.js';
import type { Output } from '../../report/terminal.js';
import { treeJson } from '../../report/tree/tree-json.js';
import { renderTrees, type TreeTotals } from '../../report/tree/tree-report.js';
import { treesOfPlan } from '../../tree/trees-of-plan.js';
import { planOptions, type Surroundings } from '../import-options.js';
import type { TreeFlags } from '../flags.js';

/** Draws traces of files; sends nothing and leaves nothing behind. */
export async function treeCommand(
  files: readonly string[],
  flags: TreeFlags,
  from: Surroundings,
  output: Output,
): Promise<ExitCode> {
  const plan = await readPlan(files, flags, from, output);
  try {
    const totals = totalsOf(plan);
    const isWritten = await writeAll(render(plan, totals, flags, output), output, from.interrupts.interrupt);
    return isWritten ? totals.exitCode : ExitCode.interrupted;
  } finally {
    plan.close();
  }
}

async function readPlan(
  files: readonly string[],
  flags: TreeFlags,
  from: Surroundings,
  output: Output,
): Promise<Plan> {
  // What is odd about a trace is in its drawing; what is missing from all of them must be told.
  const notices = createNotices({ output, verbosity: 'quiet' });
  const options = await planOptions(files, { ...flags, dryRun: true }, from);
  const progress = flags.progress ? createProgress(output) : noProgress;
  try {
    return await makePlan(options, (event) => {
      notices.handle(event);
      progress.handle(event);
    });
  } finally {
    progress.close();
    notices.finish();
  }
}

function totalsOf({ index, counts }: Plan): TreeTotals {
  return {
    traces: countTraces(index),
    spans: index.defined,
    rowsRead: counts.read,
    rowsRejected: counts.rejected,
    exitCode: counts.rejected > 0 ? ExitCode.incomplete : ExitCode.ok,
  };
}

function render(
  plan: Plan,
  totals: TreeTotals,
  flags: TreeFlags,
  { stdout, ascii }: Output,
): Iterable<string> {
  const { trace, limitTraces, depth = Infinity, all = false, json = false } = flags;
  const traces = treesOfPlan(plan, { trace, traces: limitTraces, depth, all: all || json });
  if (json) return treeJson(traces, totals);
  const options = { paint: stdout.paint, width: stdout.width, ascii, namesInputs: plan.inputs.length > 1 };
  return renderTrees(traces, totals, trace !== undefined, options);
}

/** Length of text that is written at once. */
const writtenAtOnce = 16_384;

/** False where the user interrupted it. Ends early where nobody reads any more. */
async function writeAll(pieces: Iterable<string>, output: Output, interrupt: AbortSignal): Promise<boolean> {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < writtenAtOnce) continue;
    output.write(text);
    text = '';
    // Signals and a reader that went away are only noticed in between.
    await setImmediate();
    if (interrupt.aborted) return false;
    if (output.stdout.closed) return true;
  }
  output.write(text);
  return true;
}
