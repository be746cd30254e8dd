import { usageError } from '../errors.js';
import type { InputFile } from '../input/input-file.js';
import type { OnEvent } from '../report/events.js';
import { detectSource } from '../sources/detect.js';
import { findSource, sources } from '../sources/registry.js';
import type { Source } from '../sources/source.js';

/**
 * Decides which source an input is in, from its first readable rows or because the user said so. Throws
 * `unknown_source` where no source fits 80 % of them: better to ask than to guess.
 */
export async function sourceOfInput(
  input: InputFile,
  sample: readonly unknown[],
  chosen: Source | string,
  onEvent: OnEvent,
): Promise<Source> {
  if (typeof chosen !== 'string') return chosen;
  if (chosen !== 'auto') return findSource(chosen).load();
  const detected = detectSource(sample, sources);
  if (detected === undefined) {
    throw usageError(
      'unknown_source',
      `${input.name}: no source fits at least 80 % of its first ${sample.length} rows`,
      `say which one it is with --source (${sources.map(({ name }) => name).join(', ')})`,
    );
  }
  const { source, evidence, runnerUp } = detected;
  onEvent({
    kind: 'source-detected',
    input,
    source: source.name,
    because: evidence.because,
    runnerUp: runnerUp && { source: runnerUp.source.name, agreeing: runnerUp.evidence.agreeing },
    sampled: sample.length,
    agreeing: evidence.agreeing,
  });
  return source.load();
}
