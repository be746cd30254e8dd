import { Command, Option } from 'commander';

import type { OrphanPolicy } from '../plan/lint-policy.js';
import type { InferenceMode } from '../trace/infer/infer-parents.js';
import { byteOption, durationOption, integerOption, rateOption, shareOption } from './option-values.js';

/** What the command line says, before any of it is resolved or checked against the rest. */
export interface ImportFlags {
  source: string;
  map?: string;
  format: 'auto' | 'jsonl' | 'json' | 'csv' | 'tsv';
  set?: string[];
  timezone: string;
  /** The zone is not the default. */
  timezoneGiven?: boolean;
  dateOrder?: 'dmy' | 'mdy';
  baseTime?: string;
  skip: number;
  limit?: number;
  traceBy?: string;
  inferParents: InferenceMode;
  minConfidence: number;
  since?: string;
  until?: string;
  sample?: string;
  dropField?: string[];
  hashField?: string[];
  redact?: string[];
  /** Empty: a random seed. */
  remapIds?: string;
  shiftTimeTo?: string;
  provenance?: boolean;
  csvDelimiter: string;
  maxRowBytes: number;
  maxDepth: number;
  maxCompressionRatio: number;
  baseUrl?: string;
  apiKeyFile?: string;
  apiKey?: string;
  allowHttp?: boolean;
  destinationName?: string;
  sandbox?: boolean;
  batchSpans: number;
  batchBytes: number;
  concurrency: number;
  rateLimit?: number;
  retryFor: number;
  timeout: number;
  dryRun?: boolean;
  orphans?: OrphanPolicy;
  strict?: boolean;
  maxErrors?: string;
  rejects?: string;
  stateDir?: string;
  resume: boolean;
  json?: boolean;
  quiet?: boolean;
  verbose?: boolean;
  progress: boolean;
  color?: boolean;
  ascii?: boolean;
}

/** The input flags of an import, and which row. */
export interface ExplainFlags extends ImportFlags {
  row: number;
}

export interface SandboxFlags {
  port: number;
  host: string;
  key?: string;
  maxBodyBytes: number;
}

export interface Actions {
  import(files: string[], flags: ImportFlags): Promise<void>;
  explain(file: string, flags: ExplainFlags): Promise<void>;
  formats(flags: { json?: boolean }): Promise<void>;
  sandbox(flags: SandboxFlags): Promise<void>;
}

const examples = `
Examples:
  respan-import logs.jsonl --dry-run          read and check everything, send nothing
  respan-import logs.jsonl --sandbox          rehearse against a local server, without a key
  respan-import 'export/*.csv' --json         import for real, with RESPAN_API_KEY in the environment
  zcat old.gz | respan-import -               import from a pipe

Exit codes:
  0 all ingested   1 something was rejected, refused or failed   2 usage, configuration, unreadable input
  3 stopped: too many errors   4 key refused   5 destination cannot be used: run again to resume
  70 bug   130 interrupted`;

/** Defines flags, defaults and help. Values are read here; what they mean together is decided by the commands. */
export function createProgram(version: string, actions: Actions): Command {
  const program = new Command('respan-import')
    .description('Imports the LLM trace logs of two dozen tools and accounts for every row.')
    .usage('[options] <files...>')
    .argument('<files...>', 'paths, quoted globs, or - for standard input')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
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
  addUploadOptions(program);
  addSafetyOptions(program);
  addOutputOptions(program);
  program.action((files: string[], flags: ImportFlags) => actions.import(files, flags));
  program.addCommand(explainCommand(actions));
  program.addCommand(formatsCommand(actions));
  program.addCommand(sandboxCommand(actions));
  return program;
}

function addInputOptions(program: Command): void {
  program
    .optionsGroup('Input:')
    .option('--source <name>', 'auto, or one that `respan-import formats` lists', 'auto')
    .addOption(
      new Option('--map <file>', 'map rows as this file says (YAML; see the README)').conflicts('source'),
    )
    .addOption(
      new Option('--format <format>', 'how rows are framed; auto looks at the content')
        .choices(['auto', 'jsonl', 'json', 'csv', 'tsv'])
        .default('auto'),
    )
    .option('--set <field=value>', 'give every span this value; metadata.KEY=VALUE too (repeatable)', collect)
    .addOption(
      new Option('--timezone <zone>', 'zone of times that name none: UTC, Europe/Berlin, +02:00')
        .default('UTC')
        .implies({ timezoneGiven: true }),
    )
    .addOption(
      new Option('--date-order <order>', 'how to read 03/04/2025 (no default: it is rejected)').choices([
        'dmy',
        'mdy',
      ]),
    )
    .option('--base-time <time>', 'start of spans whose rows tell no time (RFC 3339)')
    .option('--skip <n>', 'pass over the first N rows', integerOption('--skip', 0), 0)
    .option('--limit <n>', 'read at most N rows', integerOption('--limit', 0))
    .option('--trace-by <field>', 'group rows without a trace id by this field')
    .option('--csv-delimiter <character>', 'auto, a character, or tab', 'auto')
    .addOption(bytes('--max-row-bytes <size>', 'reject longer rows', '32MiB'))
    .option('--max-depth <n>', 'reject rows nested deeper', integerOption('--max-depth', 1, 2000), 1000)
    .option(
      '--max-compression-ratio <n>',
      'refuse compressed input that grows beyond this',
      integerOption('--max-compression-ratio', 1),
      250,
    );
}

function addTreeOptions(program: Command): void {
  program
    .optionsGroup('Trees:')
    .addOption(
      new Option(
        '--infer-parents <when>',
        'find parents where no span of a trace names one, in gaps too, or never',
      )
        .choices(['auto', 'always', 'never'])
        .default('auto'),
    )
    .option(
      '--min-confidence <share>',
      'leave spans whose inferred parent is less certain as roots, e.g. 0.8',
      shareOption('--min-confidence'),
      0,
    );
}

function addSelectionOptions(program: Command): void {
  program
    .optionsGroup('Selection (whole traces):')
    .option('--since <time>', 'only traces with a span that starts at this time or later')
    .option('--until <time>', 'only traces with a span that starts before this time')
    .option('--sample <n|n%>', 'at most N traces, or a share of them; the same ones in every run');
}

function addPrivacyOptions(program: Command): void {
  program
    .optionsGroup('Privacy:')
    .option('--drop-field <field>', 'leave out a field, or metadata.KEY (repeatable)', collect)
    .option('--hash-field <field>', 'send only a hash of a field, or of metadata.KEY (repeatable)', collect)
    .option('--redact <regex>', 'replace what matches by [redacted], in all texts (repeatable)', collect);
}

function addRewriteOptions(program: Command): void {
  program
    .optionsGroup('Ids, time and origin:')
    // A value that stood apart would swallow the name of a file: see `seedless`.
    .addOption(new Option('--remap-ids [=seed]', 'replace all ids by others that follow from the seed'))
    .option('--shift-time-to <time>', 'move all times so that the latest end is now, or an RFC 3339 time')
    .option('--provenance', 'tell run, source, file and line of each span in its metadata');
}

/** Arguments in which `--remap-ids` takes no word after it: its seed is written `--remap-ids=SEED` or left out. */
export function seedless(args: readonly string[]): string[] {
  return args.map((argument) => (argument === '--remap-ids' ? '--remap-ids=' : argument));
}

function addDestinationOptions(program: Command): void {
  program
    .optionsGroup('Destination:')
    .option('--base-url <url>', 'else RESPAN_BASE_URL, RESPAN_API_BASE_URL, https://api.respan.ai')
    .option('--api-key-file <file>', 'file that holds the key; else RESPAN_API_KEY, KEYWORDSAI_API_KEY')
    .addOption(
      new Option('--api-key <key>', 'the key itself; other users of the machine can see it').conflicts(
        'apiKeyFile',
      ),
    )
    .option('--allow-http', 'send the key over plain http to another machine')
    .option(
      '--destination-name <name>',
      'name of the destination in the ledger, whatever its address and key',
    )
    .addOption(
      new Option('--sandbox', 'import into a local server that is started for this run').conflicts([
        'baseUrl',
        'apiKey',
        'apiKeyFile',
        'dryRun',
        'destinationName',
        'stateDir',
      ]),
    );
}

function addUploadOptions(program: Command): void {
  program
    .optionsGroup('Upload:')
    .option('--batch-spans <n>', 'spans in one request', integerOption('--batch-spans', 1), 500)
    .addOption(bytes('--batch-bytes <size>', 'size of one request', '5MiB'))
    .option('--concurrency <n>', 'requests at once', integerOption('--concurrency', 1, 64), 4)
    .option('--rate-limit <rate>', 'requests a minute, e.g. 60/min', rateOption('--rate-limit'))
    .addOption(duration('--retry-for <time>', 'give up after this long without a success', '120s'))
    .addOption(duration('--timeout <time>', 'longest that one request may take', '60s', 1));
}

function addSafetyOptions(program: Command): void {
  program
    .optionsGroup('Safety:')
    .option('-n, --dry-run', 'read, check and plan everything; send nothing; needs no key')
    .addOption(
      new Option(
        '--orphans <policy>',
        'spans whose parent is missing: keep (default), root, or reject (default with --strict)',
      ).choices(['keep', 'root', 'reject']),
    )
    .option('--strict', 'reject what would be warned about; exit with 1 if any warning is left')
    .option('--max-errors <n|n%>', 'send nothing if more rows are rejected; stop if more spans are refused')
    .option('--rejects <dir>', 'folder for what could not be imported (default: respan-import-rejects/<run>)')
    .option('--state-dir <dir>', 'folder of the ledger and the spool')
    .option('--no-resume', 'send again what the ledger knows as sent');
}

function addOutputOptions(program: Command): void {
  program
    .optionsGroup('Output:')
    .option('--json', 'print the result as one JSON document')
    .addOption(new Option('-q, --quiet', 'only errors and the result').conflicts('verbose'))
    .option('-v, --verbose', 'every warning and note, every wait')
    .option('--no-progress', 'no progress line')
    .option('--no-color', 'no colours, as NO_COLOR does')
    .option('--ascii', 'nothing beyond ASCII in the output');
}

function explainCommand(actions: Actions): Command {
  const command = new Command('explain')
    .description('show what a file is taken for and where every field of a row goes')
    .argument('<file>', 'a path, or - for standard input')
    .option('--row <n>', 'which row, counted from 1', integerOption('--row', 1), 1);
  addInputOptions(command);
  return command
    .optionsGroup('Output:')
    .option('--json', 'print one JSON document')
    .option('--no-color', 'no colours, as NO_COLOR does')
    .option('--ascii', 'nothing beyond ASCII in the output')
    .action((file: string, flags: ExplainFlags) => actions.explain(file, flags));
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
    .action((flags: SandboxFlags) => actions.sandbox(flags));
}

function bytes(flags: string, description: string, value: string): Option {
  const read = byteOption(flags.split(' ')[0]!);
  return new Option(flags, description).argParser(read).default(read(value), value);
}

function duration(flags: string, description: string, value: string, minimum = 0): Option {
  const read = durationOption(flags.split(' ')[0]!, minimum);
  return new Option(flags, description).argParser(read).default(read(value), value);
}

function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}
