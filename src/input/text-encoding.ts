import { usageError } from '../errors.js';
import { excerpt } from './excerpt.js';

/** Refuses what is no UTF-8 text, judged by the first bytes of an input. */
export function checkText(name: string, head: Buffer): void {
  const encoding = utf16Encoding(head);
  const shown = excerpt(name, 200);
  if (encoding !== undefined) {
    const command = `iconv -f ${encoding} -t UTF-8 ${name === '-' ? '' : `'${shown}'`}`.trim();
    throw usageError(
      'unsupported_encoding',
      `${shown} is ${encoding}, and only UTF-8 is read`,
      `convert it on the way: ${command} | respan-import -`,
    );
  }
  if (isBinary(head)) {
    throw usageError(
      'binary_input',
      `${shown} is no text: it holds binary data`,
      'export the logs as JSONL, JSON or CSV',
    );
  }
}

function utf16Encoding(head: Buffer): string | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return head[2] === 0 && head[3] === 0 ? 'UTF-32' : 'UTF-16';
  if (head[0] === 0xfe && head[1] === 0xff) return 'UTF-16';
  // Without a mark: text that is mostly ASCII has a NUL in every second byte, and only there.
  const nuls = [0, 0];
  for (let at = 0; at < head.length; at++) if (head[at] === 0) nuls[at % 2] = (nuls[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = nuls;
  const pairs = head.length / 2;
  if (odd > pairs * 0.6 && even < pairs * 0.05) return 'UTF-16LE';
  if (even > pairs * 0.6 && odd < pairs * 0.05) return 'UTF-16BE';
  return undefined;
}

/**
 * NUL bytes or many control characters. A JSON log that a crash has left with a hole of NULs is not meant: it begins
 * as JSON, and the hole costs the row that it is in.
 */
function isBinary(head: Buffer): boolean {
  let nuls = 0;
  let controls = 0;
  for (const byte of head) {
    if (byte === 0) nuls++;
    else if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x1b) controls++;
  }
  const beginsAsJson = head[0] === 0x7b || head[0] === 0x5b;
  return (nuls > 0 && !(beginsAsJson && nuls < head.length / 2)) || controls > head.length / 10;
}
