import { ExitCode } from '../../errors.js';
import { makePlan, type Plan } from '../../plan/plan.js';
import { formatCount, formatThings } from '../../report/figures.js';
import { createNotices } from '../../report/notices.js';
import { createProgress, noProgress } from '../../report/progress.js';
import { countTraces } from '../../report/summarise.js';
import { toAscii, type Output } from '../../report/terminal.js';
import { treeJson } from '../../report/tree/tree-json.js';
import { TreeText } from '../../report/tree/tree-text.js';
import { treesOfPlan, type TreeOptions } from '../../tree/trees-of-plan.js';
import { planOptions, type Surroundings } from '../import-options.js';
import type { TreeFlags } from '../program.js';

/** Draws traces of files; sends nothing and leaves nothing behind. */
export async function treeCommand(
  files: readonly string[],
  flags: TreeFlags,
  from: Surroundings,
  output: Output,
): Promise<ExitCode> {
  const notices = createNotices({ output, verbosity: 'quiet' });
  const progress = flags.progress ? createProgress(output) : noProgress;
  const options = await planOptions(files, { ...flags, dryRun: true }, from);
  let plan: Plan;
  try {
    plan = await makePlan(options, (event) => {
      notices.handle(event);
      progress.handle(event);
    });
  } finally {
    progress.close();
    notices.finish();
  }
  try {
    const exitCode = plan.counts.rejected > 0 ? ExitCode.incomplete : ExitCode.ok;
    if (flags.json === true) writeJson(plan, flags, exitCode, output);
    else writeText(plan, flags, exitCode, output);
    return exitCode;
  } finally {
    plan.close();
  }
}

function writeJson(plan: Plan, flags: TreeFlags, exitCode: ExitCode, output: Output): void {
  const closing = (): Record<string, number> => ({
    traces_in_input: countTraces(plan.index),
    spans_in_input: plan.index.defined,
    rows_rejected: plan.counts.rejected,
    exit_code: exitCode,
  });
  const trees = treesOfPlan(plan, { ...treeOptions(flags), all: true });
  for (const piece of treeJson(trees, closing)) output.write(piece);
}

/** Lines that are written at once. */
const linesAtOnce = 256;

function writeText(plan: Plan, flags: TreeFlags, exitCode: ExitCode, output: Output): void {
  const { paint, width } = output.stdout;
  const text = new TreeText({ paint, ascii: output.ascii, width, namesInputs: plan.inputs.length > 1 });
  let waiting: string[] = [];
  const flush = (): void => {
    output.write(waiting.map((line) => `${line}\n`).join(''));
    waiting = [];
  };
  let drawn = 0;
  for (const trace of treesOfPlan(plan, treeOptions(flags))) {
    if (drawn > 0) waiting.push('');
    drawn += 1;
    for (const line of text.trace(trace)) if (waiting.push(line) === linesAtOnce) flush();
  }
  const legend = text.legend();
  if (legend.length > 0) waiting.push('', ...legend);
  flush();
  const closing = closingLines(plan, flags, drawn, exitCode);
  if (drawn > 0 && closing.length > 0) output.write('\n');
  const lines = closing.map((line) => `${line}\n`).join('');
  output.write(output.ascii ? toAscii(lines) : lines);
}

function closingLines(plan: Plan, flags: TreeFlags, drawn: number, exitCode: ExitCode): string[] {
  const { read, rejected } = plan.counts;
  const traces = countTraces(plan.index);
  const lines: string[] = [];
  if (traces === 0) lines.push(`no trace: ${formatThings(read, 'row')} read, none of them became a span`);
  else if (flags.trace === undefined && drawn < traces) {
    lines.push(
      `${formatCount(drawn)} of ${formatCount(traces)} traces; --trace ID draws one, --limit-traces N the first N`,
    );
  }
  if (rejected > 0) {
    const are = rejected === 1 ? 'was rejected and is' : 'were rejected and are';
    lines.push(`${formatThings(rejected, 'row')} ${are} in no trace (exit code ${exitCode})`);
  }
  return lines;
}

function treeOptions({ trace, limitTraces, depth, all }: TreeFlags): TreeOptions {
  return { trace, traces: limitTraces, depth: depth ?? Infinity, all: all === true };
}
