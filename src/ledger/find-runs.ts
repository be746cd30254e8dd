import { usageError } from '../errors.js';
import type { KnownDestination, KnownRun } from './survey.js';

/** A run of a destination. */
export interface FoundRun {
  destination: KnownDestination;
  run: KnownRun;
}

/** The run of this name, or the only one whose name begins or ends so. Throws `no_such_run` or `ambiguous_run`. */
export function findRun(destinations: readonly KnownDestination[], wanted: string): FoundRun {
  const all = destinations.flatMap((destination) => destination.runs.map((run) => ({ destination, run })));
  const exact = all.find(({ run }) => run.facts.name === wanted);
  if (exact !== undefined) return exact;
  const fitting = all.filter(
    ({ run: { facts } }) => wanted !== '' && (facts.name.startsWith(wanted) || facts.name.endsWith(wanted)),
  );
  const [found] = fitting;
  if (found === undefined)
    throw usageError('no_such_run', `the ledger holds no run ${wanted}`, 'respan-import status lists them');
  if (fitting.length === 1) return found;
  throw usageError(
    'ambiguous_run',
    `${fitting.length} runs begin or end with ${wanted}`,
    `name one of them: ${fitting
      .slice(0, 3)
      .map(({ run }) => run.facts.name)
      .join(', ')}`,
  );
}

/** The destinations of this id, or of this `--destination-name`. Throws `no_such_destination`. */
export function findDestination(destinations: readonly KnownDestination[], wanted: string): KnownDestination {
  const found = destinations.find(
    ({ id, runs }) => id === wanted || runs.some(({ facts }) => facts.destination === wanted),
  );
  if (found !== undefined) return found;
  throw usageError(
    'no_such_destination',
    `the ledger knows no destination ${wanted}`,
    'respan-import status lists them',
  );
}
