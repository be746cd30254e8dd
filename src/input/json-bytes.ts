/** The bytes that give JSON its structure. */
export const quote = 0x22;
export const backslash = 0x5c;
export const lineFeed = 0x0a;
export const comma = 0x2c;
export const colon = 0x3a;
export const openBracket = 0x5b;
export const closeBracket = 0x5d;
export const openBrace = 0x7b;
export const closeBrace = 0x7d;

const scalarEnds = new Set(Buffer.from(' \t\r\n,"[]{}'));

/** Whether a byte cannot be part of a number or a bare word. */
export function endsScalar(byte: number | undefined): boolean {
  return byte !== undefined && scalarEnds.has(byte);
}

/** Whether the first byte on a line tells that an element, or the array around it, may begin or end there. */
export function beginsElement(byte: number | undefined): boolean {
  return byte === openBrace || byte === openBracket || byte === closeBracket || byte === comma;
}

export function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === lineFeed || byte === 0x0d || byte === 0x09;
}
