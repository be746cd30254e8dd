import { Random } from '../random.js';
import { noBody } from './index-traces.js';
import { labelOf, noSpan, TraceIndex } from './engine.js';
import { sequentialAgents } from './agents.js';
import { Sketch } from './sketch.js';

/**
 * @typedef {(span: number, spans: number, random: Random) => [start: number, end: number]} Interval Microseconds of the
 *   span with this number of so many.
 */

/**
 * @typedef {object} Shape
 * @property {string} name
 * @property {(spans: number) => InstanceType<typeof TraceIndex>} build
 */

/**
 * Shapes in which an inference that compares spans with one another compares too many: one trace of that many spans,
 * each, but for the last.
 *
 * @type {readonly Shape[]}
 */
export const shapes = [
  { name: 'agents under one root', build: agentsUnderOneRoot },
  { name: 'a chain: each encloses the next', build: oneTrace((span, spans) => [span, 2 * spans - span]) },
  {
    name: 'siblings that overlap at random',
    build: oneTrace((span, spans, random) => {
      const start = span === 0 ? 0 : random.integer(1, 1_000 * spans);
      return [start, span === 0 ? 2_000 * spans : start + random.integer(0, 500 * spans)];
    }),
  },
  {
    name: 'siblings that overlap all others',
    build: oneTrace((span, spans) => (span === 0 ? [0, 3 * spans] : [span, spans + span])),
  },
  {
    name: 'a name for every span',
    build: (spans) => {
      const random = new Random(1);
      return fill(spans, (span) => {
        const start = random.integer(0, 1_000 * spans);
        const end = start + random.integer(0, 100_000);
        return { trace: 'trace', start, end, label: label(wordOf(span), 'task') };
      });
    },
  },
  { name: 'equal intervals', build: oneTrace(() => [0, 1_000_000]) },
  { name: 'equal starts', build: oneTrace((span) => [0, 1_000_000 + span]) },
  {
    name: 'events of no length in one span',
    build: oneTrace((span, spans) => (span === 0 ? [0, spans] : [span >> 4, span >> 4])),
  },
  { name: 'no span has a time', build: oneTrace(() => [Number.NaN, Number.NaN]) },
  { name: 'many traces of 20 spans', build: manyTraces },
];

const names = ['agent.run', 'openai.chat', 'web_search.tool', 'GET web_search', 'parse'];
const types = ['agent', 'chat', 'tool', 'task', 'task'];

/**
 * @param {Interval} interval
 * @returns {Shape['build']}
 */
function oneTrace(interval) {
  return (spans) => {
    const random = new Random(1);
    const labels = names.map((name, kind) => label(name, types[kind]));
    return fill(spans, (span) => {
      const [start, end] = interval(span, spans, random);
      return { trace: 'trace', start, end, label: labels[span % labels.length] ?? 0 };
    });
  };
}

/** @param {number} spans */
function agentsUnderOneRoot(spans) {
  const sketch = new Sketch(new Random(1));
  sketch.step('batch', 'workflow', () => {
    while (sketch.spans.length < spans) sequentialAgents(sketch);
  });
  const labels = labelsByName();
  return fill(spans, (span) => {
    const { name, type, start, end } = sketch.spans[span] ?? { name: '', type: '', start: 0, end: 0 };
    return { trace: 'trace', start, end, label: labels(name, type) };
  });
}

/** @param {number} spans */
function manyTraces(spans) {
  const random = new Random(1);
  const labels = labelsByName();
  /** @type {import('./sketch.js').SketchedSpan[]} */
  let sketched = [];
  return fill(spans, (span) => {
    if (span % 20 === 0) {
      const sketch = new Sketch(random);
      sketch.step('batch', 'workflow', () => {
        while (sketch.spans.length < 20) sequentialAgents(sketch);
      });
      sketched = sketch.spans;
    }
    const { name, type, start, end } = sketched[span % 20] ?? { name: '', type: '', start: 0, end: 0 };
    return { trace: `trace ${Math.floor(span / 20)}`, start, end, label: labels(name, type) };
  });
}

/**
 * @param {number} spans
 * @param {(span: number) => { trace: string, start: number, end: number, label: number }} describe
 */
function fill(spans, describe) {
  const index = new TraceIndex();
  for (let number = 0; number < spans; number += 1) {
    const { trace, start, end, label } = describe(number);
    const span = index.internSpan(index.internTrace(trace), `span ${number}`);
    const entry = { parent: noSpan, parentIsTraceId: false, line: number + 1, parentByPath: false };
    index.define(span, { ...entry, start, end, label }, noBody);
  }
  return index;
}

/**
 * A name without digits, since numbers in names are not compared.
 *
 * @param {number} span
 */
function wordOf(span) {
  return span.toString(26).replaceAll(/\d/g, (digit) => 'qrstuvwxyz'.charAt(Number(digit)));
}

/** Hashes a name once: a million spans have few. */
function labelsByName() {
  /** @type {Map<string, number>} */
  const labels = new Map();
  return (/** @type {string} */ name, /** @type {string} */ type) => {
    const known = labels.get(name) ?? label(name, type);
    labels.set(name, known);
    return known;
  };
}

/**
 * @param {string} name
 * @param {string | undefined} type
 */
function label(name, type) {
  return labelOf({ span_name: name, log_type: type }, { namesParent: false, typedAsRoot: false });
}
