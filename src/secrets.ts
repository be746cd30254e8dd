/** Shorter texts are no keys, and would be found in every answer. */
const shortestSecret = 8;

/**
 * What must never be shown, stored or told: the API key. Strikes it out of text that others wrote, in the spellings in
 * which it could come back: as it is, with the escapes of JSON, of URLs and of HTML, and in Base64.
 */
export class Secrets {
  private readonly known = new Map<string, RegExp>();

  constructor(secrets: readonly string[] = []) {
    for (const secret of secrets) this.add(secret);
  }

  add(secret: string): void {
    if (secret.length < shortestSecret) return;
    // One or the other throughout: a choice at each backslash would be one to try in all combinations.
    const spelled = [String.raw`\\`, String.raw`\\{2}`].map((backslash) =>
      Array.from(secret, (character) => spellings(character, backslash)).join(''),
    );
    this.known.set(secret, new RegExp([...spelled.toReversed(), inBase64(secret)].join('|'), 'g'));
  }

  strike(text: string): string {
    let struck = text;
    for (const pattern of this.known.values()) struck = struck.replace(pattern, '[key]');
    return struck;
  }
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
