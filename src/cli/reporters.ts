import { ImportError } from '../errors.js';
import type { ImportEvent } from '../report/events.js';
import type { MissingSpans } from '../report/missing-spans.js';
import { createNotices, type Verbosity } from '../report/notices.js';
import { createProgress, noProgress } from '../report/progress.js';
import type { Rejects } from '../report/rejects.js';
import type { Summary } from '../report/summary.js';
import type { Output } from '../report/terminal.js';
import type { DrawnTrace } from '../tree/drawn-trace.js';
import type { ImportFlags } from './flags.js';
import type { Surroundings } from './import-options.js';
import { drainMilliseconds } from './interrupts.js';

/** Where the rejects of a run go, unless `--rejects` says otherwise. */
const rejectsFolder = 'respan-import-rejects';

/** Everybody who hears what an import tells. */
export interface Reporters {
  handle: (event: ImportEvent) => void;
  rejects: () => Summary['rejects'];
  /** The file that names failed and held-back spans. */
  missing: () => string | null;
  /** Excerpts of traces that the run told of. */
  drawn: () => readonly DrawnTrace[];
  /** Completes the rejects; gives the error where they could not be written. */
  close: () => ImportError | undefined;
}

export async function createReporters(
  flags: ImportFlags,
  from: Surroundings,
  output: Output,
): Promise<Reporters> {
  // A dry run leaves nothing behind unless it is asked to.
  const wanted = flags.dryRun !== true || flags.rejects !== undefined;
  const records = wanted ? await createRecords(flags.rejects) : undefined;
  const verbosity: Verbosity = flags.quiet === true ? 'quiet' : flags.verbose === true ? 'verbose' : 'normal';
  const notices = createNotices({ output, verbosity });
  const progress = flags.quiet === true || !flags.progress ? noProgress : createProgress(output);
  let drawn: readonly DrawnTrace[] = [];
  const handle = (event: ImportEvent): void => {
    if (event.kind === 'traces-drawn') drawn = event.traces;
    records?.rejects.handle(event);
    records?.missing.handle(event);
    notices.handle(event);
    progress.handle(event);
  };
  const onInterrupt = (): void => handle({ kind: 'interrupted', drainSeconds: drainMilliseconds / 1000 });
  from.interrupts.interrupt.addEventListener('abort', onInterrupt, { once: true });
  return {
    handle,
    rejects: () => records?.rejects.files() ?? null,
    missing: () => records?.missing.file() ?? null,
    drawn: () => drawn,
    close() {
      from.interrupts.interrupt.removeEventListener('abort', onInterrupt);
      progress.close();
      notices.finish();
      try {
        try {
          records?.rejects.close();
        } finally {
          records?.missing.close();
        }
      } catch (error) {
        if (error instanceof ImportError) return error;
        throw error;
      }
      return undefined;
    },
  };
}

interface Records {
  rejects: Rejects;
  missing: MissingSpans;
}

/** What is left behind of spans that were not imported, in a folder that is made with the first of it. */
async function createRecords(folder: string | undefined): Promise<Records> {
  const [{ createRejects, runDirectory }, { createMissingSpans }] = await Promise.all([
    import('../report/rejects.js'),
    import('../report/missing-spans.js'),
  ]);
  const directory = folder ?? runDirectory(rejectsFolder, new Date());
  return { rejects: createRejects(directory), missing: createMissingSpans(directory) };
}
