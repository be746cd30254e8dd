/**
 * The modules under measurement, as they were built; types come from the sources.
 *
 * @param {string} module Path below `dist`.
 */
const built = (module) => import(new URL(`../../dist/${module}`, import.meta.url).href);

/** @type {typeof import('../../src/clock.js')} */
const { systemClock } = await built('clock.js');
/** @type {typeof import('../../src/ledger/compact.js')} */
const { compactWhereGrown } = await built('ledger/compact.js');
/** @type {typeof import('../../src/ledger/ledger-files.js')} */
const { LedgerFiles } = await built('ledger/ledger-files.js');
/** @type {typeof import('../../src/ledger/ledger.js')} */
const { Ledger } = await built('ledger/ledger.js');
/** @type {typeof import('../../src/ledger/mark-imported.js')} */
const { markImported } = await built('ledger/mark-imported.js');
/** @type {typeof import('../../src/ledger/survey.js')} */
const { surveyDestination } = await built('ledger/survey.js');
/** @type {typeof import('../../src/trace/trace-index.js')} */
const { noSpan, TraceIndex } = await built('trace/trace-index.js');

// One step of a ledger's life, in a process of its own: node case.js STEP FOLDER FIRST SPANS BATCH TRACE. It tells the
// seconds of the step itself, without what had to be there before.
const [step = '', folder = '', ...numbers] = process.argv.slice(2);
const [first = 0, spans = 0, spansPerBatch = 500, spansPerTrace = 5] = numbers.map(Number);

/** An index as a plan leaves it. */
function indexOfSpans() {
  const index = new TraceIndex();
  for (let number = first; number < first + spans; number++) {
    const span = index.internSpan(index.internTrace(traceId(number)), `span-${number}`);
    index.define(
      span,
      { parent: noSpan, parentIsTraceId: false, start: 0, end: 1, line: 1, label: 0, parentByPath: false },
      { kind: 'input', offset: number * 2000, length: 2000, checksum: number >>> 0, rowLength: 0 },
    );
  }
  return index;
}

/** @param {number} number */
function traceId(number) {
  return Math.floor(number / spansPerTrace)
    .toString(16)
    .padStart(32, '0');
}

async function deliver(/** @type {ReturnType<typeof indexOfSpans>} */ index) {
  const ledger = new Ledger(folder, systemClock);
  const facts = { endpoint: 'https://h.example', destination: null, key: '', inputs: [], inputCount: 0 };
  await ledger.begin(
    index,
    { facts: { ...facts, name: `from-${first}`, command: null }, decided: {}, resume: false },
    new AbortController().signal,
  );
  for (let span = 0; span < spans; span += spansPerBatch) {
    const batch = Array.from({ length: Math.min(spansPerBatch, spans - span) }, (_, offset) => span + offset);
    ledger.append(index, batch, [...new Set(batch.map((one) => traceId(first + one)))]);
  }
  ledger.close({ isComplete: true, stopped: null, refused: 0, failed: 0, heldBack: 0 });
}

const needsIndex = step === 'index' || step === 'deliver' || step === 'recall';
const index = needsIndex ? indexOfSpans() : new TraceIndex();
const started = performance.now();
if (step === 'deliver') await deliver(index);
if (step === 'recall') await markImported(folder, index);
if (step === 'compact') await compactWhereGrown(new LedgerFiles(folder), [], { grownFrom: 2 });
if (step === 'status') await surveyDestination(folder, () => Promise.resolve(false));
process.stdout.write(String((performance.now() - started) / 1000));
