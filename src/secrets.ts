/** Shorter texts are no keys, but those of rehearsals, and would be found in every answer and every name of a file. */
export const shortestSecret = 8;

/**
 * What must never be shown, stored or told: the API key. Strikes it out of text that others wrote, in the spellings in
 * which it could come back: as it is, with the escapes of JSON, of URLs and of HTML, and in Base64.
 */
export class Secrets {
  private readonly known = new Map<string, Spelled>();

  constructor(secrets: readonly string[] = []) {
    for (const secret of secrets) this.add(secret);
  }

  add(secret: string): void {
    if (secret.length >= shortestSecret) this.known.set(secret, new Spelled(secret));
  }

  strike(text: string): string {
    let struck = text;
    for (const spelled of this.known.values()) struck = struck.replace(spelled.patternFor(struck), '[key]');
    return struck;
  }
}

/** What every spelling begins with in which a character is not itself. */
const escapes = /[\\%&]/;

/** The spellings of a key. Most answers have nothing escaped, and to compile what finds escapes takes 10 ms and more. */
class Spelled {
  private withEscapes: RegExp | undefined;
  private withoutEscapes: RegExp | undefined;

  constructor(private readonly secret: string) {}

  /** Finds all spellings of the key that the text can have. */
  patternFor(text: string): RegExp {
    if (escapes.test(text)) return (this.withEscapes ??= escapedPattern(this.secret));
    return (this.withoutEscapes ??= anyOf([literal(this.secret), inBase64(this.secret)]));
  }
}

function escapedPattern(secret: string): RegExp {
  // One or the other throughout: a choice at each backslash would be one to try in all combinations.
  const spelled = [String.raw`\\{2}`, String.raw`\\`].map((backslash) =>
    Array.from(secret, (character) => spellings(character, backslash)).join(''),
  );
  return anyOf([...new Set(spelled), inBase64(secret)]);
}

function anyOf(patterns: readonly string[]): RegExp {
  return new RegExp(patterns.join('|'), 'g');
}

/**
 * A pattern for one character of a key, which is ASCII. JSON inside of JSON repeats the backslashes:
 * up to eight, for a limit keeps the search linear whatever a server writes.
 */
function spellings(character: string, backslash: string): string {
  const code = character.charCodeAt(0);
  const hex = Array.from(code.toString(16).padStart(2, '0'), eitherCase).join('');
  const escaped = [String.raw`\\{1,8}u00${hex}`, `%${hex}`, `&#(?:0*${code}|[xX]0*${hex});`];
  if (character === '"' || character === '/') escaped.push(String.raw`\\{1,8}` + literal(character));
  const own = character === '\\' ? backslash : literal(character);
  return `(?:${[...escaped, own].join('|')})`;
}

/**
 * Alone or as a part of something longer, as in the Base64 of `Bearer <key>`: there its bits begin at one of three places in
 * a character. Of both alphabets, padded or not.
 */
function inBase64(secret: string): string {
  const places = [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
    // Characters that hold bits of the key alone.
    const whole = bytes
      .toString('base64')
      .slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6));
    return whole.replaceAll('+', '[+-]').replaceAll('/', '[/_]');
  });
  return `(?:${places.join('|')})(?:[\\w+/-]={1,2})?`;
}

function eitherCase(digit: string): string {
  return `[${digit}${digit.toUpperCase()}]`;
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
