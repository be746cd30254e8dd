import { systemClock, type Clock } from '../../src/clock.js';
import { Ledger, type RunIntent, type RunOutcome } from '../../src/ledger/ledger.js';
import { markImported } from '../../src/ledger/mark-imported.js';
import { noSpan, TraceIndex } from '../../src/trace/trace-index.js';

/** An index of spans of one trace; `contents` gives id → checksum of the content. */
export function indexOf(contents: Record<string, number>): TraceIndex {
  const index = new TraceIndex();
  for (const [id, checksum] of Object.entries(contents)) {
    const span = index.internSpan(index.internTrace('trace'), id);
    index.define(
      span,
      { parent: noSpan, parentIsTraceId: false, start: 0, end: 0, line: 1, label: 0, parentByPath: false },
      { kind: 'input', offset: 0, length: 100, checksum, rowLength: 0 },
    );
  }
  return index;
}

/** The outcome of a run that delivered all. */
export const done: RunOutcome = {
  isComplete: true,
  stopped: null,
  refused: 0,
  failed: 0,
  heldBack: 0,
};

export function intent(run: string, overrides: Partial<RunIntent> = {}): RunIntent {
  return {
    facts: {
      name: run,
      endpoint: 'https://h.example/v1/traces/ingest',
      destination: null,
      key: '0a1b2c3d',
      inputs: ['rows.jsonl'],
      inputCount: 1,
      command: { args: ['rows.jsonl'], folder: '/work' },
    },
    decided: {},
    resume: true,
    ...overrides,
  };
}

export async function begin(
  folder: string,
  run: string,
  index: TraceIndex,
  overrides: Partial<RunIntent> = {},
  clock: Clock = systemClock,
): Promise<Ledger> {
  const ledger = new Ledger(folder, clock);
  await ledger.begin(index, intent(run, overrides), new AbortController().signal);
  return ledger;
}

/** A run that delivers all spans of the index, known or not. */
export async function remember(
  folder: string,
  run: string,
  index: TraceIndex,
  ...batches: number[][]
): Promise<void> {
  const ledger = await begin(folder, run, index, { resume: false });
  const all = Array.from({ length: index.mentioned }, (_, span) => span);
  for (const batch of batches.length > 0 ? batches : [all]) ledger.append(index, batch, [`trace-of-${run}`]);
  ledger.close(done);
}

/** What the ledger in the folder knows of each span. */
export async function recall(folder: string, index: TraceIndex): Promise<string[]> {
  await markImported(folder, index);
  return Array.from({ length: index.mentioned }, (_, span) =>
    index.isImported(span) ? 'same' : index.isChanged(span) ? 'changed' : 'unknown',
  );
}
