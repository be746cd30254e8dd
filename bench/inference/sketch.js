/**
 * @typedef {object} SketchedSpan
 * @property {string} name
 * @property {string} type
 * @property {number | undefined} parent Position in the list.
 * @property {number} start Microseconds.
 * @property {number} end
 */

/** 2025-09-01T08:30:00Z in microseconds, and within how much of it traces begin. */
const epoch = Date.UTC(2025, 8, 1, 8, 30) * 1000;
const day = 86_400e6;

/** Writes the spans of one trace as a program would that is traced: with a clock that runs on, and spans that are open. */
export class Sketch {
  /** @param {import('../random.js').Random} random */
  constructor(random) {
    this.random = random;
    this.now = epoch + Math.floor(random.next() * day);
    /** @type {SketchedSpan[]} */
    this.spans = [];
    /** @type {number | undefined} */
    this.open = undefined;
  }

  /**
   * A span around what `body` does, with a little time of its own before and after it.
   *
   * @param {string} name
   * @param {string} type Log type.
   * @param {() => void} body
   */
  step(name, type, body) {
    const { open, now: start } = this;
    const position = this.spans.length;
    const span = { name, type, parent: open, start, end: start };
    this.spans.push(span);
    this.open = position;
    this.overhead();
    body();
    this.overhead();
    this.open = open;
    span.end = this.now;
    return span;
  }

  /**
   * A span without spans in it.
   *
   * @param {string} name
   * @param {string} type
   * @param {number} micros How long it takes.
   */
  leaf(name, type, micros) {
    const span = { name, type, parent: this.open, start: this.now, end: this.now + micros };
    this.spans.push(span);
    this.now = span.end;
    return span;
  }

  /**
   * Several bodies at once, the next one as soon as one of `workers` is free; goes on when all are done.
   *
   * @param {(() => void)[]} bodies
   * @param {number} [workers]
   */
  parallel(bodies, workers = bodies.length) {
    // One after another is started: no two at the same microsecond.
    const free = Array.from({ length: workers }, () => {
      this.wait(this.random.integer(20, 400));
      return this.now;
    });
    for (const body of bodies) {
      const worker = free.indexOf(Math.min(...free));
      this.now = free[worker] ?? this.now;
      body();
      free[worker] = this.now + this.random.integer(20, 400);
    }
    this.now = Math.max(...free);
  }

  /** @param {number} micros */
  wait(micros) {
    this.now += micros;
  }

  /** What a framework does between two spans: 30 microseconds to some milliseconds. */
  overhead() {
    this.wait(this.about(400, 1.3));
  }

  /**
   * A call of a language model: 1.8 seconds in the middle, one in twenty below 0.5 or above 6.
   *
   * @param {string} name
   */
  model(name) {
    return this.leaf(name, 'chat', this.about(1_800_000, 0.75));
  }

  /**
   * A call over the network: 180 milliseconds in the middle.
   *
   * @param {string} name
   */
  request(name) {
    return this.leaf(name, 'task', this.about(180_000, 0.9));
  }

  /**
   * A duration of the log-normal kind that latencies have, at least 30 microseconds.
   *
   * @param {number} median Microseconds.
   * @param {number} spread Standard deviation of the logarithm.
   */
  about(median, spread) {
    let normal = -6;
    for (let draw = 0; draw < 12; draw += 1) normal += this.random.next();
    return Math.max(30, Math.round(median * Math.exp(spread * normal)));
  }

  /**
   * @param {number} least
   * @param {number} most
   * @param {(number: number) => void} body Called so many times, with 1, 2, …
   */
  times(least, most, body) {
    const count = this.random.integer(least, most);
    for (let number = 1; number <= count; number += 1) body(number);
  }
}
