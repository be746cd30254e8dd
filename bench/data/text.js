const syllables =
  'a an ar be ca ce co de di el en er es fi ga ge ha in is ka la le li lo ma me mi na ne no on or pa pe po ra re ri ro sa se si so ta te ti to un ur va ve vi wa ze'.split(
    ' ',
  );
const foreignWords =
  'größe façade naïve señal çünkü привет данные запрос 数据 模型 応答 検索 ответ café übung 🙂 ✅ →'.split(
    ' ',
  );
/** Share of the sentences; with it four rows in ten hold something beyond ASCII. */
const foreignSentences = 0.03;
const vocabularySize = 12_000;
/** Draws are looked up in a table of this many slots instead of being searched for. */
const slots = 65_536;

/**
 * Writes prose, JSON and code whose words are as unequally frequent as those of a language (Zipf's law): neither as
 * repetitive as a repeated sentence nor as random as noise, so that parsers, caches and compressors see what they would
 * see in an export.
 */
export class TextWriter {
  /** @param {import('../random.js').Random} random */
  constructor(random) {
    this.random = random;
    this.words = makeVocabulary(random);
    this.ranks = zipfTable(vocabularySize);
  }

  word() {
    return this.words[this.ranks[this.random.integer(0, slots - 1)] ?? 0] ?? '';
  }

  /**
   * Sentences of about this many characters, with paragraphs and quotes, which JSON has to escape.
   *
   * @param {number} characters
   */
  prose(characters) {
    let text = '';
    while (text.length < characters) {
      const foreign = this.random.chance(foreignSentences);
      const word = this.word();
      text += word.charAt(0).toUpperCase() + word.slice(1);
      for (let rest = this.random.integer(4, 18); rest > 0; rest -= 1) {
        text += ` ${foreign ? this.random.pick(foreignWords) : this.word()}`;
      }
      text += this.random.chance(0.08) ? ` "${this.word()}".` : '.';
      text += this.random.chance(0.15) ? '\n\n' : ' ';
    }
    return text;
  }

  /**
   * JSON text of a search result or a database answer.
   *
   * @param {number} characters
   */
  json(characters) {
    /** @type {object[]} */
    const items = [];
    for (let written = 0; written < characters; written += 170) {
      items.push({
        id: this.random.hex(8),
        score: Math.round(this.random.next() * 1e6) / 1e6,
        title: this.prose(30).trim(),
        url: `https://${this.word()}.example/${this.word()}/${this.random.integer(1, 99_999)}`,
        tags: [this.word(), this.word()],
        active: this.random.chance(0.5),
      });
    }
    return JSON.stringify({ results: items, total: items.length });
  }

  /** @param {number} characters */
  code(characters) {
    let text = '```python\n';
    while (text.length < characters) {
      text += `def ${this.word()}_${this.word()}(${this.word()}, limit=${this.random.integer(1, 500)}):\n`;
      text += `    # ${this.prose(40).trim()}\n`;
      text += `    return [row["${this.word()}"] for row in ${this.word()} if row["${this.word()}"] > limit]\n\n`;
    }
    return `${text}\`\`\`\n`;
  }
}

/** @param {import('../random.js').Random} random */
function makeVocabulary(random) {
  /** @type {string[]} */
  const words = [];
  for (let rank = 0; rank < vocabularySize; rank += 1) {
    // As in a language, the frequent words are the short ones.
    const length = rank < 100 ? random.integer(1, 2) : random.integer(2, 4);
    let word = '';
    for (let part = 0; part < length; part += 1) word += random.pick(syllables);
    words.push(word);
  }
  return words;
}

/**
 * Slot → rank, such that the share of a rank is proportional to 1 / (rank + 2.7) (Zipf-Mandelbrot).
 *
 * @param {number} size
 */
function zipfTable(size) {
  const weights = Array.from({ length: size }, (_, rank) => 1 / (rank + 2.7));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const table = new Uint16Array(slots);
  let rank = 0;
  let reached = weights[0] ?? 0;
  for (let slot = 0; slot < slots; slot += 1) {
    while (reached < ((slot + 0.5) / slots) * total) {
      rank += 1;
      reached += weights[rank] ?? total;
    }
    table[slot] = rank;
  }
  return table;
}
