const kinds = ['chat', 'chat', 'chat', 'tool', 'tool', 'task'];
/** 2025-09-01T00:00:00Z in microseconds. */
const epoch = Date.UTC(2025, 8, 1) * 1000;

/**
 * @typedef {object} Outline A span before its text is written.
 * @property {string} trace 32 hex digits.
 * @property {string} id 16 hex digits.
 * @property {Outline | undefined} parent
 * @property {string} path
 * @property {string} workflow
 * @property {string} kind `workflow`, `chat`, `tool` or `task`.
 * @property {number} start Microseconds since the epoch.
 * @property {number} end
 */

/** Draws traces: which spans, under which, and when. */
export class TraceOutliner {
  /**
   * @param {import('../random.js').Random} random
   * @param {import('./text.js').TextWriter} text
   */
  constructor(random, text) {
    this.random = random;
    this.text = text;
    this.clock = epoch;
  }

  /**
   * The spans of a new trace in the order in which they will be written: as they began, or, as exporters do that write
   * a span when it is finished, children before their parents.
   *
   * @returns {Outline[]}
   */
  outline() {
    const { random } = this;
    this.clock += random.integer(1_000, 3_000_000);
    const trace = random.hex(32);
    const workflow = `${this.text.word()}_${this.text.word()}`;
    const start = this.clock;
    /** @type {Outline} */
    const root = {
      trace,
      id: random.hex(16),
      parent: undefined,
      path: '',
      workflow,
      kind: 'workflow',
      start,
      end: 0,
    };
    root.end = start + random.integer(2_000_000, 90_000_000);
    const spans = [root];
    for (let more = random.integer(4, 39); more > 0; more -= 1) spans.push(this.childOf(random.pick(spans)));
    return random.chance(0.5)
      ? spans.toSorted((one, other) => one.start - other.start)
      : spans.toSorted((one, other) => one.end - other.end);
  }

  /**
   * @param {Outline} parent
   * @returns {Outline}
   */
  childOf(parent) {
    const { random } = this;
    const span = parent.end - parent.start;
    const start = parent.start + Math.floor(random.next() * span * 0.6) + 1;
    const end = start + Math.floor(random.next() * (parent.end - start));
    const path = parent.path === '' ? this.text.word() : `${parent.path}.${this.text.word()}`;
    return { ...parent, id: random.hex(16), parent, path, kind: random.pick(kinds), start, end };
  }
}
