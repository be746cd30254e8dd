const models = ['gpt-4o-mini', 'gpt-4o', 'claude-sonnet-4', 'gemini-2.5-flash'];

/**
 * @typedef {{ role: string, content: string }} Message
 *
 * @typedef {object} Conversation What a call of a model is about.
 * @property {Message[]} messages
 * @property {string} answer
 * @property {string} model
 * @property {number} temperature
 * @property {boolean} stream
 */

/** Writes what spans hold: conversations with models, arguments and results of tools. */
export class ContentWriter {
  /**
   * @param {import('../random.js').Random} random
   * @param {import('./text.js').TextWriter} text
   * @param {number} scale 1 for texts that come to rows of 3.9 KB where every text is in the row twice.
   */
  constructor(random, text, scale) {
    this.random = random;
    this.text = text;
    this.scale = scale;
    // An application has few system prompts and repeats them in every call.
    this.systemPrompts = Array.from({ length: 40 }, () => text.prose(this.characters(150, 450)));
  }

  /**
   * @param {number} low
   * @param {number} high
   */
  characters(low, high) {
    return Math.round(this.random.integer(low, high) * this.scale);
  }

  /** @returns {Conversation} */
  conversation() {
    const { random, text } = this;
    const messages = [{ role: 'system', content: random.pick(this.systemPrompts) }];
    for (let turns = random.integer(0, 2); turns > 0; turns -= 1) {
      messages.push({ role: 'user', content: text.prose(this.characters(60, 500)) });
      messages.push({ role: 'assistant', content: text.prose(this.characters(80, 550)) });
    }
    const question = random.chance(0.3)
      ? text.code(this.characters(200, 800))
      : text.prose(this.characters(80, 900));
    messages.push({ role: 'user', content: question });
    const answer = random.chance(0.25)
      ? text.code(this.characters(300, 1_300))
      : text.prose(this.characters(100, 1_300));
    return {
      messages,
      answer,
      model: random.pick(models),
      temperature: random.pick([0, 0.2, 0.7, 1]),
      stream: random.chance(0.5),
    };
  }

  /**
   * Arguments and result of a step that is no call of a model. The result is JSON text.
   *
   * @param {string} kind
   */
  step(kind) {
    const { random, text } = this;
    const argument = { query: text.prose(this.characters(30, 250)), limit: random.integer(1, 50) };
    const result =
      kind === 'tool'
        ? text.json(this.characters(300, 2_100))
        : JSON.stringify(text.prose(this.characters(600, 600)));
    return { argument, result };
  }

  facts() {
    const { random } = this;
    return {
      session: random.hex(8),
      release: `2025.9.${random.integer(1, 30)}`,
      customer: this.text.word(),
      attempt: random.integer(1, 3),
    };
  }
}

/**
 * The few characters to a token that providers name as a rule of thumb.
 *
 * @param {string} text
 */
export function tokensOf(text) {
  return Math.ceil(text.length / 4);
}
