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
    const spelled = Array.from(secret, spellings).join('');
    this.known.set(secret, new RegExp(`${spelled}|${inBase64(secret)}`, 'g'));
  }

  strike(text: string): string {
    let struck = text;
    for (const pattern of this.known.values()) struck = struck.replace(pattern, '[key]');
    return struck;
  }
}

/** A pattern for one character of a key, which is ASCII. */
function spellings(character: string): string {
  const code = character.charCodeAt(0);
  const hex = Array.from(code.toString(16).padStart(2, '0'), eitherCase).join('');
  const escaped = [String.raw`\\u00${hex}`, `%${hex}`, `&#(?:0*${code}|[xX]0*${hex});`];
  if (/["\\/]/.test(character)) escaped.push(String.raw`\\` + literal(character));
  return `(?:${[literal(character), ...escaped].join('|')})`;
}

/** Of both alphabets, padded or not. */
function inBase64(secret: string): string {
  const text = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  return `${text.replaceAll('+', '[+-]').replaceAll('/', '[/_]')}={0,2}`;
}

function eitherCase(digit: string): string {
  return `[${digit}${digit.toUpperCase()}]`;
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
