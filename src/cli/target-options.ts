import { usageError } from '../errors.js';
import { respan } from '../targets/respan.js';
import type { Target } from '../targets/target.js';
import type { ImportFlags } from './flags.js';
import { sites, type Site } from './sites.js';

type Environment = Readonly<Record<string, string | undefined>>;

const projectVariable = 'ADALINE_PROJECT_ID';

/** The destination that the flags name. */
export interface ChosenTarget {
  target: Target;
  site: Site;
  /** Tells destinations of one address and key apart; null where it is still to be named. */
  project: string | undefined | null;
}

/** Throws `bad_option` where a flag of one destination is given for the other. */
export async function chooseTarget(flags: ImportFlags, environment: Environment): Promise<ChosenTarget> {
  const { target: name = 'respan' } = flags;
  refuseMisplaced(flags, name);
  const site = sites[name];
  if (name === 'respan') return { target: respan, site, project: undefined };
  const project = projectOf(flags, environment);
  const { adaline } = await import('../targets/adaline.js');
  const target = adaline(project ?? '', {
    onOversize: flags.onOversize ?? 'reject',
    runEvaluation: flags.runEvaluation === true,
    events: flags.adalineEvents === true,
    promptId: flags.promptId,
    deploymentId: flags.deploymentId,
  });
  return { target, site, project };
}

export function noProject(): Error {
  return usageError(
    'no_project',
    `no project: ${projectVariable} is not set`,
    `set it, or say --project-id ID (in Adaline: Monitor, Copy Project ID); --dry-run works without one`,
  );
}

const ofAdaline: readonly (readonly [keyof ImportFlags, string])[] = [
  ['projectId', '--project-id'],
  ['promptId', '--prompt-id'],
  ['deploymentId', '--deployment-id'],
  ['runEvaluation', '--run-evaluation'],
  ['adalineEvents', '--adaline-events'],
  ['onOversize', '--on-oversize'],
  ['verify', '--verify'],
];
const ofRespan: readonly (readonly [keyof ImportFlags, string, string])[] = [
  ['batchSpans', '--batch-spans', 'Adaline takes one trace a request, whatever its number of spans'],
  [
    'profile',
    '--profile',
    'profiles are those of the respan command: set ADALINE_API_KEY or use --api-key-file',
  ],
];

function refuseMisplaced(flags: ImportFlags, name: ImportFlags['target']): void {
  if (name === 'respan') {
    const [, flag] = ofAdaline.find(([field]) => flags[field] !== undefined) ?? [];
    if (flag !== undefined)
      throw usageError('bad_option', `${flag} goes with --target adaline`, 'Respan has nothing of the kind');
    return;
  }
  const [, flag, reason = ''] = ofRespan.find(([field]) => flags[field] !== undefined) ?? [];
  if (flag !== undefined) throw usageError('bad_option', `${flag} does not go with --target adaline`, reason);
}

function projectOf({ projectId }: ImportFlags, environment: Environment): string | null {
  const text = (projectId ?? environment[projectVariable] ?? '').trim();
  if (text === '' && projectId === undefined) return null;
  if (/^[\x21-\x7e]{20,80}$/.test(text)) return text;
  throw usageError(
    'bad_project_id',
    `the project id from ${projectId === undefined ? projectVariable : '--project-id'} is malformed`,
    'an id is one word of 20 to 80 letters, digits and punctuation (in Adaline: Monitor, Copy Project ID)',
  );
}
