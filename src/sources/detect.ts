import type { Evidence, Recogniser } from './source.js';

/** How a source judged a sample of rows. */
export interface Candidate<Known extends Recogniser> {
  source: Known;
  evidence: Evidence;
}

export interface Detected<Known extends Recogniser> extends Candidate<Known> {
  /** The other source that the most rows agree with, if any do; the last source takes anything and does not count. */
  runnerUp: Candidate<Known> | undefined;
}

/** Share of the sample that must agree: exports may have a few foreign rows, but a mixture needs the user's word. */
const requiredShare = 0.8;

/** The first of `sources` that enough rows of the sample agree with; undefined where none is, or the sample is empty. */
export function detectSource<Known extends Recogniser>(
  sample: readonly unknown[],
  sources: readonly Known[],
): Detected<Known> | undefined {
  if (sample.length === 0) return undefined;
  const candidates = sources.map((source): Candidate<Known> => ({ source, evidence: source.detect(sample) }));
  const found = candidates.find(({ evidence }) => evidence.agreeing >= sample.length * requiredShare);
  if (found === undefined) return undefined;
  const fallback = candidates.at(-1);
  const others = candidates.filter(
    (each) => each !== found && each !== fallback && each.evidence.agreeing > 0,
  );
  const runnerUp = others.sort((left, right) => right.evidence.agreeing - left.evidence.agreeing)[0];
  return { ...found, runnerUp };
}
