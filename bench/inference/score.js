/** @typedef {import('./known-trace.js').Answer} Answer */
/** @typedef {import('./known-trace.js').KnownTrace} KnownTrace */

/**
 * @typedef {object} Mistake A confident edge that is wrong.
 * @property {string} span Names.
 * @property {string} chosen
 * @property {string | undefined} right Undefined where the span is a root.
 * @property {number} confidence
 */

/**
 * @typedef {object} Score
 * @property {number} edges Spans whose parent is known.
 * @property {number} found Of the edges, how many were inferred as they are.
 * @property {number} inferred Edges that were inferred for spans with a known parent and for known roots.
 * @property {number} confident Of the inferred, how many are told as certain.
 * @property {number} confidentRight
 * @property {number} ambiguous Of the inferred, how many are told as one of several.
 * @property {number} traces Traces of two or more spans.
 * @property {number} exact Of them, how many have no span with a wrong parent and no wrong root.
 * @property {Mistake[]} mistakes
 * @property {Calibration[]} calibration
 */

/**
 * @typedef {object} Calibration Edges whose confidence lies from `from` up to the next bucket.
 * @property {number} from
 * @property {number} edges
 * @property {number} right
 * @property {number} confidence Sum over the edges.
 */

const buckets = [0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99];

/** @returns {Score} */
export function noScore() {
  return {
    edges: 0,
    found: 0,
    inferred: 0,
    confident: 0,
    confidentRight: 0,
    ambiguous: 0,
    traces: 0,
    exact: 0,
    mistakes: [],
    calibration: buckets.map((from) => ({ from, edges: 0, right: 0, confidence: 0 })),
  };
}

/**
 * Compares answers with what is known. Spans whose parent is not in the file have no say.
 *
 * @param {readonly KnownTrace[]} traces
 * @param {readonly Answer[][]} answers
 * @returns {Score}
 */
export function score(traces, answers) {
  const result = noScore();
  traces.forEach((trace, position) => {
    if (trace.length > 1) scoreTrace(result, trace, answers[position] ?? []);
  });
  return result;
}

/**
 * @param {Score} result
 * @param {KnownTrace} trace
 * @param {readonly Answer[]} answers
 */
function scoreTrace(result, trace, answers) {
  let exact = true;
  trace.forEach((span, row) => {
    const answer = answers[row];
    if (answer === undefined) throw new Error(`no answer for row ${row}`);
    if (!span.scored) return;
    const right = answer.parent === span.parent;
    exact &&= right;
    if (span.parent !== undefined) {
      result.edges += 1;
      if (right) result.found += 1;
    }
    if (answer.parent === undefined) return;
    result.inferred += 1;
    calibrate(result, answer, right);
    if (answer.ambiguous) result.ambiguous += 1;
    if (!answer.confident) return;
    result.confident += 1;
    if (right) result.confidentRight += 1;
    else result.mistakes.push(mistake(trace, row, answer));
  });
  result.traces += 1;
  if (exact) result.exact += 1;
}

/**
 * @param {KnownTrace} trace
 * @param {number} row
 * @param {Answer} answer
 * @returns {Mistake}
 */
function mistake(trace, row, { parent, confidence }) {
  const { name, parent: right } = trace[row] ?? { name: '', parent: undefined };
  return {
    span: name,
    chosen: nameOf(trace, parent) ?? '',
    right: nameOf(trace, right),
    confidence,
  };
}

/**
 * @param {KnownTrace} trace
 * @param {number | undefined} row
 */
function nameOf(trace, row) {
  return row === undefined ? undefined : trace[row]?.name;
}

/**
 * @param {Score} result
 * @param {Answer} answer
 * @param {boolean} right
 */
function calibrate({ calibration }, { confidence }, right) {
  const bucket = calibration.findLast(({ from }) => from <= confidence);
  if (bucket === undefined) throw new Error(`a confidence of ${confidence}`);
  bucket.edges += 1;
  bucket.confidence += confidence;
  if (right) bucket.right += 1;
}

/**
 * @param {readonly Score[]} scores
 * @returns {Score}
 */
export function sum(scores) {
  const total = noScore();
  for (const each of scores) {
    for (const count of counts) total[count] += each[count];
    total.mistakes.push(...each.mistakes);
    total.calibration.forEach((bucket, position) => {
      bucket.edges += each.calibration[position]?.edges ?? 0;
      bucket.right += each.calibration[position]?.right ?? 0;
      bucket.confidence += each.calibration[position]?.confidence ?? 0;
    });
  }
  return total;
}

const counts = /** @type {const} */ ([
  'edges',
  'found',
  'inferred',
  'confident',
  'confidentRight',
  'ambiguous',
  'traces',
  'exact',
]);
