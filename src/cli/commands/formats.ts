import { ExitCode } from '../../errors.js';
import { renderFormats } from '../../report/formats.js';
import { safeJson } from '../../report/json.js';
import type { Output } from '../../report/terminal.js';
import { sources } from '../../sources/registry.js';

/** Lists the sources in the order in which they are tried. */
export function formatsCommand(flags: { json?: boolean }, output: Output): ExitCode {
  const list = sources.map(({ name, title, checked, recognisedBy }) => ({
    name,
    title,
    checked,
    recognised_by: recognisedBy,
  }));
  output.write(flags.json === true ? `${safeJson(list, 2)}\n` : renderFormats(sources, output.stdout.paint));
  return ExitCode.ok;
}
