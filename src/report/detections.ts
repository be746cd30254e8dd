import type { ImportEvent } from './events.js';
import { formatCount, formatThings } from './figures.js';
import { sanitise } from './terminal.js';

export type Detection = Extract<ImportEvent, { kind: 'source-detected' }>;

/**
 * What each input was taken for and why, one line for all that were taken for the same with the same certainty.
 */
export function detectionLines(detections: readonly Detection[]): string[] {
  const groups = new Map<string, Detection[]>();
  for (const detection of detections) {
    const { source, agreeing, sampled, because } = detection;
    const key = JSON.stringify([source, agreeing === sampled || detection.input.index, because]);
    const group = groups.get(key);
    if (group) group.push(detection);
    else groups.set(key, [detection]);
  }
  return [...groups.values()].flatMap((group) => groupLine(group) ?? []);
}

function groupLine(group: readonly Detection[]): string | undefined {
  const [first] = group;
  if (first === undefined) return undefined;
  const name = sanitise(
    group.length === 1 ? first.input.name : commonName(group.map(({ input }) => input.name)),
  );
  const files = group.length === 1 ? '' : `${formatThings(group.length, 'file')} · `;
  const all = group.length > 1 && first.agreeing === first.sampled;
  const why = `${all ? 'every sampled row agrees' : certainty(first)}: ${sanitise(first.because, 200)}`;
  const { runnerUp, sampled } = first;
  const next =
    runnerUp === undefined
      ? ''
      : `; ${sanitise(runnerUp.source)} would fit ${formatCount(runnerUp.agreeing)} of ${formatCount(sampled)}`;
  return `${name}   ${files}${sanitise(first.source)} (${why}${next})`;
}

function certainty({ agreeing, sampled }: Detection): string {
  if (sampled === 0) return 'no row to look at';
  if (sampled === 1)
    return agreeing === 1 ? 'the only sampled row agrees' : 'the only sampled row does not agree';
  return agreeing === sampled
    ? `all ${formatCount(sampled)} sampled rows agree`
    : `${formatCount(agreeing)} of ${formatCount(sampled)} sampled rows agree`;
}

/** `export/a.json`, `export/b.json` → `export/*.json`. */
function commonName(names: readonly string[]): string {
  const [first = ''] = names;
  let start = 0;
  while (start < first.length && names.every((name) => name[start] === first[start])) start += 1;
  const folder = first.slice(0, first.slice(0, start).lastIndexOf('/') + 1);
  const ending = /\.[^/]*$/.exec(first)?.[0] ?? '';
  return `${folder}*${names.every((name) => name.endsWith(ending)) ? ending : ''}`;
}
