import { Random } from '../random.js';
import * as agents from './agents.js';
import * as distortions from './distortions.js';
import { Sketch } from './sketch.js';

/** @typedef {import('./known-trace.js').KnownFile} KnownFile */
/** @typedef {import('./sketch.js').SketchedSpan} SketchedSpan */

/**
 * @typedef {object} Family
 * @property {string} name
 * @property {boolean} nested Every child lies within its parent.
 * @property {(sketch: Sketch) => void} draw
 * @property {(spans: SketchedSpan[], random: Random) => SketchedSpan[]} [distort] The rows in the order of an export, and
 *   the times as it tells them; by default as spans begin, with microseconds.
 */

const { sequentialAgents } = agents;
const { startedFirst, endedFirst, atResolution } = distortions;

/** @type {readonly Family[]} */
export const families = [
  { name: 'sequential agents', nested: true, draw: sequentialAgents },
  { name: 'parallel tool calls', nested: true, draw: agents.parallelTools },
  { name: 'map and reduce', nested: true, draw: agents.mapReduce },
  { name: 'nested retries', nested: true, draw: agents.nestedRetries },
  { name: 'streaming overlaps', nested: false, draw: agents.streamingOverlaps },
  { name: 'several roots', nested: true, draw: agents.severalRoots },
  { name: 'events of no length', nested: true, draw: agents.instantEvents },
  { name: 'calls of services', nested: true, draw: agents.serviceCalls },
  {
    name: 'clocks up to 5 ms apart',
    nested: false,
    draw: agents.serviceCalls,
    distort: (spans, random) => startedFirst(distortions.skewed(spans, random)),
  },
  {
    name: 'children before parents',
    nested: true,
    draw: sequentialAgents,
    distort: endedFirst,
  },
  {
    name: 'whole milliseconds',
    nested: true,
    draw: sequentialAgents,
    distort: (spans) => atResolution(startedFirst(spans), 1_000),
  },
  {
    name: 'whole seconds',
    nested: true,
    draw: sequentialAgents,
    distort: (spans) => atResolution(startedFirst(spans), 1_000_000),
  },
  {
    name: 'whole seconds, children first',
    nested: true,
    draw: sequentialAgents,
    distort: (spans) => atResolution(endedFirst(spans), 1_000_000),
  },
  {
    name: 'spans without an end',
    nested: false,
    draw: sequentialAgents,
    distort: (spans, random) => distortions.withoutSomeEnds(startedFirst(spans), random),
  },
];

/**
 * The traces of a family. The same seed gives the same traces everywhere.
 *
 * @param {Family} family
 * @param {number} traces
 * @param {number} seed
 */
export function generate({ draw, distort = startedFirst }, traces, seed) {
  const random = new Random(seed);
  return Array.from({ length: traces }, () => {
    const sketch = new Sketch(random);
    draw(sketch);
    return distort(sketch.spans, random).map((span) => ({ ...span, scored: true }));
  });
}

/**
 * Each family twice: its traces in one file, and each in a file of its own, where nothing can be learnt from the others.
 *
 * @param {number} traces
 * @param {number} seed
 * @returns {KnownFile[][]} The files of a family that are told together.
 */
export function generatedFiles(traces, seed) {
  return families.flatMap((family) => {
    const { name } = family;
    const drawn = generate(family, traces, seed);
    /** @type {KnownFile} */
    const together = { name, source: name, group: 'generated', traces: drawn };
    return [[together], drawn.map((trace) => ({ ...together, group: 'alone', traces: [trace] }))];
  });
}
