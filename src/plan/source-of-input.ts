import { usageError } from '../errors.js';
import type { InputFile } from '../input/input-file.js';
import type { Row } from '../input/row.js';
import type { OnEvent } from '../report/events.js';
import { detectSource } from '../sources/detect.js';
import { findSource, sources } from '../sources/registry.js';
import type { Source } from '../sources/source.js';

/** Rows that decide about the source of an input. */
const sampleSize = 20;

/**
 * Decides which source an input is in, from its first readable rows or because the user said so. Throws
 * `unknown_source` where no source fits 80 % of them: better to ask than to guess.
 */
export function sourceOfInput(
  input: InputFile,
  rows: readonly Row[],
  chosen: string,
  onEvent: OnEvent,
): Source {
  if (chosen !== 'auto') return findSource(chosen);
  const sample = rows.filter((row) => row.problem === undefined).slice(0, sampleSize);
  const detected = detectSource(
    sample.map((row) => row.value),
    sources,
  );
  if (detected === undefined) {
    throw usageError(
      'unknown_source',
      `${input.name}: no source fits at least 80 % of its first ${sample.length} rows`,
      `say which one it is with --source (${sources.map(({ name }) => name).join(', ')})`,
    );
  }
  const { source, evidence } = detected;
  onEvent({
    kind: 'source-detected',
    input,
    source: source.name,
    because: evidence.because,
    sampled: sample.length,
    agreeing: evidence.agreeing,
  });
  return source;
}
