const models = ['gpt-4o-mini', 'gpt-4o', 'claude-sonnet-4', 'gemini-2.5-flash'];
const kinds = ['chat', 'chat', 'chat', 'tool', 'tool', 'task'];
/** 2025-09-01T00:00:00Z in microseconds. */
const epoch = Date.UTC(2025, 8, 1) * 1000;

/**
 * @typedef {object} Outline A span before its text is written.
 * @property {string} trace
 * @property {string} id
 * @property {Outline | undefined} parent
 * @property {string} path
 * @property {string} workflow
 * @property {string} kind
 * @property {number} start Microseconds since the epoch.
 * @property {number} end
 */

/** Writes native rows: spans in the shape of Respan's ingest contract. */
export class TraceWriter {
  /**
   * @param {import('./random.js').Random} random
   * @param {import('./text.js').TextWriter} text
   */
  constructor(random, text) {
    this.random = random;
    this.text = text;
    this.clock = epoch;
    // An application has few system prompts and repeats them in every call.
    this.systemPrompts = Array.from({ length: 40 }, () => text.prose(random.integer(150, 450)));
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

  /**
   * One line of JSON, without its line end.
   *
   * @param {Outline} span
   */
  row(span) {
    const { random } = this;
    return JSON.stringify({
      trace_unique_id: span.trace,
      span_unique_id: span.id,
      span_parent_id: span.parent?.id ?? null,
      span_name: `${span.kind === 'chat' ? 'openai' : span.workflow}.${span.kind}`,
      span_workflow_name: span.workflow,
      span_path: span.path,
      start_time: rfc3339(span.start),
      timestamp: rfc3339(span.end),
      latency: (span.end - span.start) / 1e6,
      ...(span.kind === 'chat' ? this.chat() : this.step(span.kind)),
      encoding_format: 'float',
      metadata: {
        session: random.hex(8),
        release: `2025.9.${random.integer(1, 30)}`,
        customer: this.text.word(),
        attempt: random.integer(1, 3),
      },
      respan_params: { has_webhook: false, environment: 'prod' },
      disable_log: false,
    });
  }

  chat() {
    const { random, text } = this;
    const messages = [{ role: 'system', content: random.pick(this.systemPrompts) }];
    for (let turns = random.integer(0, 2); turns > 0; turns -= 1) {
      messages.push({ role: 'user', content: text.prose(random.integer(60, 500)) });
      messages.push({ role: 'assistant', content: text.prose(random.integer(80, 550)) });
    }
    const question = random.chance(0.3)
      ? text.code(random.integer(200, 800))
      : text.prose(random.integer(80, 900));
    messages.push({ role: 'user', content: question });
    const answer = random.chance(0.25)
      ? text.code(random.integer(300, 1_300))
      : text.prose(random.integer(100, 1_300));
    const completion = { role: 'assistant', content: answer };
    const input = JSON.stringify(messages);
    return {
      provider_id: 'openai',
      model: random.pick(models),
      input,
      output: JSON.stringify(completion),
      prompt_messages: messages,
      completion_message: completion,
      prompt_tokens: Math.ceil(input.length / 4),
      completion_tokens: Math.ceil(answer.length / 4),
      cost: Math.round(input.length + 4 * answer.length) / 1e7,
      temperature: random.pick([0, 0.2, 0.7, 1]),
      max_tokens: 4096,
      stream: random.chance(0.5),
    };
  }

  /** @param {string} kind */
  step(kind) {
    const { random, text } = this;
    const argument = { query: text.prose(random.integer(30, 250)), limit: random.integer(1, 50) };
    const output = kind === 'tool' ? text.json(random.integer(300, 2_100)) : JSON.stringify(text.prose(600));
    return { input: JSON.stringify({ args: [], kwargs: argument }), output };
  }
}

/** @param {number} microseconds Since the epoch. */
function rfc3339(microseconds) {
  const seconds = Math.floor(microseconds / 1e6);
  const fraction = String(microseconds - seconds * 1e6).padStart(6, '0');
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}
