import { usageError } from '../errors.js';
import { excerpt } from './excerpt.js';

export type Utf16 = 'UTF-16LE' | 'UTF-16BE';
export type TextEncoding = 'UTF-8' | Utf16;

/**
 * The encoding of a text, judged by its first bytes.
 *
 * @throws ImportError `unsupported_encoding` for UTF-32, `binary_input` for what is no text
 */
export function detectEncoding(name: string, head: Buffer): TextEncoding {
  const shown = excerpt(name, 200);
  if (isUtf32(head)) {
    const command = `iconv -f UTF-32 -t UTF-8 ${name === '-' ? '' : `'${shown}'`}`.trim();
    throw usageError(
      'unsupported_encoding',
      `${shown} is UTF-32, and only UTF-8 and UTF-16 are read`,
      `convert it on the way: ${command} | respan-import -`,
    );
  }
  const nuls = countNuls(head);
  const utf16 = detectUtf16(head, nuls);
  if (utf16 === undefined && isBinary(head, nuls.even + nuls.odd)) {
    throw usageError(
      'binary_input',
      `${shown} is no text: it holds binary data`,
      'export the logs as JSONL, JSON or CSV',
    );
  }
  return utf16 ?? 'UTF-8';
}

function isUtf32(head: Buffer): boolean {
  const [a, b, c, d] = head;
  return (a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff);
}

/** At even and at odd places. Most texts have none. */
interface Nuls {
  even: number;
  odd: number;
}

function countNuls(head: Buffer): Nuls {
  const nuls = { even: 0, odd: 0 };
  for (let at = head.indexOf(0); at !== -1; at = head.indexOf(0, at + 1))
    nuls[at % 2 === 0 ? 'even' : 'odd'] += 1;
  return nuls;
}

function detectUtf16(head: Buffer, { even, odd }: Nuls): Utf16 | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'UTF-16LE';
  if (head[0] === 0xfe && head[1] === 0xff) return 'UTF-16BE';
  // Without a mark: text that is mostly ASCII has a NUL in every second byte, and only there.
  const pairs = head.length / 2;
  if (odd > pairs * 0.6 && even < pairs * 0.05) return 'UTF-16LE';
  if (even > pairs * 0.6 && odd < pairs * 0.05) return 'UTF-16BE';
  return undefined;
}

/**
 * NUL bytes or many control characters. A JSON log that a crash has left with a hole of NULs is not meant: it begins
 * as JSON, and the hole costs the row that it is in.
 */
function isBinary(head: Buffer, nuls: number): boolean {
  let controls = 0;
  for (let at = 0; at < head.length; at++) if (isControl(head[at]!)) controls++;
  const beginsAsJson = head[0] === 0x7b || head[0] === 0x5b;
  return (nuls > 0 && !(beginsAsJson && nuls < head.length / 2)) || controls > head.length / 10;
}

/** But for tab, line ends and escape, which texts have. */
function isControl(byte: number): boolean {
  return byte < 0x20 && byte !== 0 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x1b;
}
