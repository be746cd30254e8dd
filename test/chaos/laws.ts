import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

import type { Summary } from '../../src/report/summary.js';
import type { ImportFolder, Run } from './chaos-import.js';
import type { IngestServer, Repeat } from './ingest-server.js';

/** What is wrong with how a run ended, whatever was done to it. */
export function wrongWithRun(run: Run, folder: ImportFolder): string[] {
  const wrong = [...wrongExit(run), ...exposed(folder.state)];
  if (run.summary !== undefined) wrong.push(...wrongSums(run.summary), ...wrongCounts(run, run.summary));
  if (run.signal === null && run.blow !== 'SIGINT twice') {
    wrong.push(...temporaryFiles(folder).map((file) => `left ${file}`));
  }
  return wrong.map((what) => `${what} (exit code ${run.code}, ${run.blow ?? 'undisturbed'})\n${run.stderr}`);
}

function wrongExit({ blow, code, signal, summary, bodies }: Run): string[] {
  if (blow === undefined) return code === 0 && summary !== undefined ? [] : ['did not succeed'];
  if (signal !== null) {
    // Before the program listens for signals, and once it has told its result, a signal has its usual effect.
    const unheard = blow === 'SIGKILL' || bodies.length === 0 || summary !== undefined;
    return unheard ? [] : ['died of a signal that it should have heard'];
  }
  if (code !== 0 && code !== 130) return ['neither interrupted nor done'];
  if (summary === undefined) return blow === 'SIGINT twice' || bodies.length === 0 ? [] : ['told no result'];
  if (summary.exit_code !== code) return ['told another exit code'];
  return code === 130 && summary.stopped?.code !== 'interrupted' ? ['stopped for another reason'] : [];
}

/** The equations, added up here. */
function wrongSums({ rows, spans, balanced }: Summary): string[] {
  const { ingested, unconfirmed, already_imported, refused, failed, held_back } = spans;
  const told = ingested + unconfirmed + already_imported + refused + failed + held_back;
  const wrong: string[] = [];
  if (rows.read !== rows.used + rows.skipped + rows.rejected) wrong.push(`rows: ${JSON.stringify(rows)}`);
  if (spans.planned !== told) wrong.push(`spans: ${JSON.stringify(spans)}`);
  if (!balanced.rows || !balanced.spans) wrong.push('told that an equation does not balance');
  return wrong;
}

/** What the run tells, beside what the server saw of it. */
function wrongCounts({ bodies }: Run, { spans, upload }: Summary): string[] {
  const times = new Map<string, number>();
  for (const key of bodies.flatMap(({ stored, keys }) => (stored ? keys : [])))
    times.set(key, (times.get(key) ?? 0) + 1);
  const repeated = [...times.values()].filter((count) => count > 1).length;
  const believed = spans.ingested + spans.unconfirmed;
  const wrong: string[] = [];
  if (believed > times.size) wrong.push(`takes ${believed} spans for stored, and ${times.size} are`);
  if (believed + spans.failed < times.size)
    wrong.push(`is silent on some of ${times.size} stored spans: ${JSON.stringify(spans)}`);
  if (repeated > spans.possibly_repeated)
    wrong.push(`sent ${repeated} spans again and tells of ${spans.possibly_repeated}`);
  if (upload.requests < bodies.length)
    wrong.push(`made ${bodies.length} requests and tells of ${upload.requests}`);
  return wrong;
}

/** Spans that were stored again although the client could have known of the first time. */
export function needlessRepeats(server: IngestServer, open: ReadonlySet<number>): Repeat[] {
  return server.repeats.filter(({ earlier }) => !earlier.lost && !open.has(earlier.number));
}

/** Files that a run which ended by itself should not have left. */
function temporaryFiles(folder: ImportFolder): string[] {
  return [folder.temporary, path.join(folder.state, 'spool')].flatMap(filesBelow);
}

/** What other users of the machine could read. */
function exposed(state: string): string[] {
  return filesBelow(state)
    .filter((file) => (statSync(file).mode & 0o077) !== 0)
    .map((file) => `others can read ${file}`);
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name));
  } catch {
    // It was not created.
    return [];
  }
}
