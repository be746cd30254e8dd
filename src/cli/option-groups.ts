import { Option, type Command } from 'commander';

import { byteOption, durationOption, integerOption, rateOption, shareOption } from './option-values.js';

export function addInputOptions(program: Command): void {
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
    .option(
      '--jobs <n>',
      'threads that read large JSONL files in the shape of spans (default: the cores less one)',
      integerOption('--jobs', 1, 64),
    )
    .option('--max-depth <n>', 'reject rows nested deeper', integerOption('--max-depth', 1, 2000), 1000)
    .option(
      '--max-compression-ratio <n>',
      'refuse compressed input that grows beyond this',
      integerOption('--max-compression-ratio', 1),
      250,
    );
}

export function addTreeOptions(program: Command): void {
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
    )
    .option(
      '--trace-gap <time>',
      'cut a conversation that was grouped into one trace at longer pauses, e.g. 30m',
      durationOption('--trace-gap', 1),
    );
}

export function addSelectionOptions(program: Command): void {
  program
    .optionsGroup('Selection (whole traces):')
    .option('--since <time>', 'only traces with a span that starts at this time or later')
    .option('--until <time>', 'only traces with a span that starts before this time')
    .option('--sample <n|n%>', 'at most N traces, or a share of them; the same ones in every run');
}

export function addPrivacyOptions(program: Command): void {
  program
    .optionsGroup('Privacy:')
    .option('--drop-field <field>', 'leave out a field, or metadata.KEY (repeatable)', collect)
    .option('--hash-field <field>', 'send only a hash of a field, or of metadata.KEY (repeatable)', collect)
    .option('--redact <regex>', 'replace what matches by [redacted], in all texts (repeatable)', collect);
}

export function addRewriteOptions(program: Command): void {
  program
    .optionsGroup('Ids, time and origin:')
    // A value that stood apart would swallow the name of a file: see `seedless`.
    .addOption(new Option('--remap-ids [=seed]', 'replace all ids by others that follow from the seed'))
    .option('--shift-time-to <time>', 'move all times so that the latest end is now, or an RFC 3339 time')
    .option('--provenance', 'tell run, source, file and line of each span in its metadata');
}

export function addDestinationOptions(program: Command): void {
  program
    .optionsGroup('Destination:')
    .addOption(
      new Option('--target <name>', 'where to import to (default: respan)').choices(['respan', 'adaline']),
    )
    .option(
      '--base-url <url>',
      'else RESPAN_BASE_URL, RESPAN_API_BASE_URL, the active profile, https://api.respan.ai',
    )
    .option(
      '--api-key-file <file>',
      'file that holds the key; else RESPAN_API_KEY, KEYWORDSAI_API_KEY, the active profile',
    )
    .addOption(
      new Option('--profile <name>', 'key and address that `respan auth login` stored').conflicts([
        'apiKey',
        'apiKeyFile',
      ]),
    )
    .addOption(
      new Option('--api-key <key>', 'the key itself; other users of the machine can see it').conflicts(
        'apiKeyFile',
      ),
    )
    .option('--allow-http', 'send the key over plain http to another machine')
    .option('--ca-cert <file>', 'trust these authorities too (PEM), beside those of the system')
    .option(
      '--destination-name <name>',
      'name of the destination in the ledger, whatever its address and key',
    )
    .addOption(
      new Option('--sandbox', 'import into a local server that is started for this run').conflicts([
        'baseUrl',
        'apiKey',
        'apiKeyFile',
        'profile',
        'dryRun',
        'destinationName',
        'stateDir',
      ]),
    );
}

export function addAdalineOptions(program: Command): void {
  program
    .optionsGroup('With --target adaline (key: ADALINE_API_KEY; address: ADALINE_API_URL):')
    .option('--project-id <id>', 'project that the traces go to; else ADALINE_PROJECT_ID')
    .addOption(
      new Option(
        '--on-oversize <policy>',
        'spans whose content exceeds 1 MB: reject (default), or truncate their texts',
      ).choices(['reject', 'truncate']),
    )
    .option('--prompt-id <id>', 'prompt of calls of models that name none')
    .option('--deployment-id <id>', 'deployment of calls of models that name none')
    .option('--run-evaluation', 'have calls of models evaluated as they come in')
    .option('--adaline-events', 'send the events of spans, whose shape is not documented')
    .addOption(
      new Option('--verify', 'read back at the end how many spans of each trace are there').conflicts(
        'dryRun',
      ),
    );
}

export function addUploadOptions(program: Command): void {
  program
    .optionsGroup('Upload:')
    .option(
      '--batch-spans <n>',
      'spans in one request (default: 500; more under a low limit on requests)',
      integerOption('--batch-spans', 1),
    )
    .option(
      '--batch-bytes <size>',
      'size of one request (default: 5MiB; more under a low limit on requests)',
      byteOption('--batch-bytes'),
    )
    .option('--concurrency <n>', 'requests at once', integerOption('--concurrency', 1, 64), 4)
    .option(
      '--rate-limit <rate>',
      'e.g. 60/min, "5000 spans/min", 10MB/s (repeatable: all hold)',
      rateOption('--rate-limit'),
    )
    .option('--gzip', 'compress requests; plain ones where the server refuses that')
    .addOption(duration('--retry-for <time>', 'give up after this long without a success', '120s'))
    .addOption(duration('--timeout <time>', 'longest that one request may take', '60s', 1));
}

export function addSafetyOptions(program: Command): void {
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

export function addOutputOptions(program: Command): void {
  program
    .optionsGroup('Output:')
    .option('--json', 'print the result as one JSON document')
    .addOption(new Option('-q, --quiet', 'only errors and the result').conflicts('verbose'))
    .option('-v, --verbose', 'every warning and note, every wait')
    .option('--no-progress', 'no progress line')
    .option('--draw <n>', 'traces that a dry run draws (default: 2)', integerOption('--draw', 0, 1000))
    .option('--no-color', 'no colours, as NO_COLOR does')
    .option('--ascii', 'nothing beyond ASCII in the output');
}

export function bytes(flags: string, description: string, value: string): Option {
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
