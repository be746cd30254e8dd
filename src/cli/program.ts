import { Command, Option } from 'commander';

import { helpFlags, versionFlags } from './constant-answers.js';
import type {
  ExplainFlags,
  ForgetFlags,
  ImportFlags,
  SandboxFlags,
  StatusFlags,
  TreeFlags,
} from './flags.js';
import {
  addAdalineOptions,
  addDestinationOptions,
  addInputOptions,
  addOutputOptions,
  addPrivacyOptions,
  addRewriteOptions,
  addSafetyOptions,
  addSelectionOptions,
  addTreeOptions,
  addUploadOptions,
  bytes,
} from './option-groups.js';
import { integerOption } from './option-values.js';

export interface Actions {
  import(files: string[], flags: ImportFlags): Promise<void>;
  explain(file: string, flags: ExplainFlags): Promise<void>;
  tree(files: string[], flags: TreeFlags): Promise<void>;
  formats(flags: { json?: boolean }): Promise<void>;
  sandbox(flags: SandboxFlags): Promise<void>;
  status(flags: StatusFlags): Promise<void>;
  forget(flags: ForgetFlags): Promise<void>;
}

const examples = `
Examples:
  respan-import logs.jsonl --dry-run   read and check everything, send nothing
  respan-import logs.jsonl --sandbox   rehearse with a local server, no key
  respan-import tree logs.jsonl        draw its traces
  respan-import 'export/*.csv' --json  import for real, with RESPAN_API_KEY set
  zcat old.gz | respan-import -        import from a pipe

Exit codes:
    0 all ingested
    1 finished, but something was rejected, refused or failed
    2 usage, configuration, a missing key, unreadable input: nothing was sent
    3 stopped: too many errors, an input that changed, a full disk
    4 the server refused the key
    5 the destination cannot be used: run again to resume
   70 a bug
  130 interrupted: run again to resume`;

/** Defines flags, defaults and help. Values are read here; what they mean together is decided by the commands. */
export function createProgram(version: string, actions: Actions): Command {
  const program = new Command('respan-import')
    .description('Imports the LLM trace logs of two dozen tools and accounts for every row.')
    .usage('[options] <files...>')
    .argument('<files...>', 'paths, quoted globs, or - for standard input')
    .version(version, versionFlags, 'print the version')
    .helpOption(helpFlags, 'print this help')
    .helpCommand(false)
    .enablePositionalOptions()
    .showHelpAfterError('(respan-import --help lists everything)')
    .addHelpText('after', examples);
  addInputOptions(program);
  addTreeOptions(program);
  addSelectionOptions(program);
  addPrivacyOptions(program);
  addRewriteOptions(program);
  addDestinationOptions(program);
  addAdalineOptions(program);
  addUploadOptions(program);
  addSafetyOptions(program);
  addOutputOptions(program);
  program.action((files: string[], flags: ImportFlags) => actions.import(files, flags));
  program.addCommand(explainCommand(actions));
  program.addCommand(treeCommand(actions));
  program.addCommand(formatsCommand(actions));
  program.addCommand(sandboxCommand(actions));
  program.addCommand(statusCommand(actions));
  program.addCommand(forgetCommand(actions));
  return program;
}

/** Arguments in which `--remap-ids` takes no word after it: its seed is written `--remap-ids=SEED` or left out. */
export function seedless(args: readonly string[]): string[] {
  return args.map((argument) => (argument === '--remap-ids' ? '--remap-ids=' : argument));
}

function explainCommand(actions: Actions): Command {
  const command = new Command('explain')
    .description('show what a file is taken for and where every field of a row goes')
    .argument('<file>', 'a path, or - for standard input')
    .option('--row <n>', 'which row, counted from 1', integerOption('--row', 1), 1)
    .addOption(
      new Option(
        '--target <name>',
        'where the fields would go (default: respan); for adaline also what the whole file loses',
      ).choices(['respan', 'adaline']),
    );
  addInputOptions(command);
  return command
    .optionsGroup('Output:')
    .option('--json', 'print one JSON document')
    .option('--no-color', 'no colours, as NO_COLOR does')
    .option('--ascii', 'nothing beyond ASCII in the output')
    .action((file: string, flags: ExplainFlags) => actions.explain(file, flags));
}

function treeCommand(actions: Actions): Command {
  const command = new Command('tree')
    .description('draw the traces of log files: spans as trees, with kinds, durations and bars in time')
    .argument('<files...>', 'paths, quoted globs, or - for standard input')
    .optionsGroup('Drawing:')
    .option('--trace <id>', 'only the trace of this id, or of the only one whose id begins so')
    .option('--limit-traces <n>', 'draw the first N traces', integerOption('--limit-traces', 1), 10)
    .option('--depth <n>', 'draw N levels of each tree', integerOption('--depth', 1))
    .option('--all', 'draw every span: siblings of one name share no row');
  addInputOptions(command);
  addTreeOptions(command);
  addSelectionOptions(command);
  return command
    .optionsGroup('Output:')
    .option('--json', 'print one JSON document: all spans of the traces, parents before children')
    .option('--no-progress', 'no progress line')
    .option('--no-color', 'no colours, as NO_COLOR does')
    .option('--ascii', 'nothing beyond ASCII in the drawing')
    .action((files: string[], flags: TreeFlags) => actions.tree(files, flags));
}

function formatsCommand(actions: Actions): Command {
  return new Command('formats')
    .description('list the sources, how each is recognised and how it was checked')
    .option('--json', 'print one JSON document')
    .action((flags: { json?: boolean }) => actions.formats(flags));
}

function sandboxCommand(actions: Actions): Command {
  return new Command('sandbox')
    .description('run a local ingest server that keeps the documented contract, for rehearsals')
    .option('--port <n>', 'port; 0 takes a free one', integerOption('--port', 0, 65_535), 8377)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--key <key>', 'accept only this key (default: any)')
    .addOption(bytes('--max-body-bytes <size>', 'answer 413 to larger bodies', '100MiB'))
    .addOption(
      new Option('--adaline-errors <shape>', "shape of Adaline's errors (default: object)").choices([
        'object',
        'text',
      ]),
    )
    .action((flags: SandboxFlags) => actions.sandbox(flags));
}

function statusCommand(actions: Actions): Command {
  const command = new Command('status')
    .description(
      'tell what the ledger remembers: destinations, their runs, and how to resume an unfinished one',
    )
    .option('--run <name>', 'only this run, or the only one whose name begins or ends so')
    .option('--traces', 'with --run: the ids of its traces in the destination, a line each');
  return addLedgerOptions(command).action((flags: StatusFlags) => actions.status(flags));
}

function forgetCommand(actions: Actions): Command {
  const command = new Command('forget')
    .description('clear what the ledger remembers: an import of the same rows sends them again')
    .option('--run <name>', 'this run, or the only one whose name begins or ends so')
    .option('--destination <id>', 'all runs to this destination, as status tells its id; or its name')
    .option('--all', 'everything');
  return addLedgerOptions(command).action((flags: ForgetFlags) => actions.forget(flags));
}

function addLedgerOptions(command: Command): Command {
  return command
    .option('--state-dir <dir>', 'folder of the ledger')
    .option('--json', 'print one JSON document; ids as JSON, a line each')
    .option('--no-color', 'no colours, as NO_COLOR does')
    .option('--ascii', 'nothing beyond ASCII in the output');
}
