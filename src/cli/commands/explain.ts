import { ExitCode } from '../../errors.js';
import { explainRow } from '../../explain/explain-row.js';
import { renderExplanation } from '../../report/explanation.js';
import { safeJson } from '../../report/json.js';
import { toAscii, type Output } from '../../report/terminal.js';
import { planOptions, type Surroundings } from '../import-options.js';
import type { ExplainFlags } from '../flags.js';

/** Shows what becomes of one row of a file. */
export async function explainCommand(
  file: string,
  flags: ExplainFlags,
  from: Surroundings,
  output: Output,
): Promise<ExitCode> {
  const { target } = flags;
  const options = await planOptions([file], { ...flags, dryRun: true }, from);
  const explainTarget =
    target === 'adaline' ? (await import('../../explain/explain-adaline.js')).explainAdaline : undefined;
  const explanation = await explainRow(
    file,
    flags.row,
    options,
    explainTarget && ((row) => explainTarget(row, options)),
  );
  const text = renderExplanation(explanation, output.stdout.paint);
  output.write(flags.json === true ? `${safeJson(explanation, 2)}\n` : output.ascii ? toAscii(text) : text);
  return explanation.rejected === null ? ExitCode.ok : ExitCode.incomplete;
}
