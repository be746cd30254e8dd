import { cutTexts } from './cut-texts.js';
import type { SpanFinding } from './findings.js';
import { parseJson } from './json-text.js';
import { limits } from './limits.js';
import type { Content } from './request.js';

/** No character takes more bytes than this: a control character, encoded twice. */
const mostBytesOfCharacter = 7;

function bytesOf(content: Content): number {
  return Buffer.byteLength(JSON.stringify(content));
}

function isSmall({ input, output }: Content): boolean {
  // Provider and model are short; most contents need not be encoded to be measured.
  return (input.length + output.length + 2 * limits.modelLength) * mostBytesOfCharacter < limits.contentBytes;
}

/** The same content with shorter texts, still valid JSON. */
function cut(content: Content): Content {
  const sides = { input: parseJson(content.input), output: parseJson(content.output) };
  const compact = { ...content, input: JSON.stringify(sides.input), output: JSON.stringify(sides.output) };
  const excess = bytesOf(compact) - limits.contentBytes;
  if (excess <= 0) return compact;
  if (cutTexts(sides, excess, 2)) {
    return { ...content, input: JSON.stringify(sides.input), output: JSON.stringify(sides.output) };
  }
  // Something else than texts makes it large, such as a list of numbers: its JSON is cut, and sent as a text.
  const texts = { input: content.input, output: content.output };
  const encoded = { ...content, input: JSON.stringify(texts.input), output: JSON.stringify(texts.output) };
  cutTexts(texts, bytesOf(encoded) - limits.contentBytes, 2);
  return { ...content, input: JSON.stringify(texts.input), output: JSON.stringify(texts.output) };
}

/**
 * The content as the destination takes it, which is at most 1 MB of JSON. Larger ones are cut where the user wants it;
 * else the findings refuse them.
 */
export function fittingContent(
  content: Content,
  onOversize: 'reject' | 'truncate',
  findings: SpanFinding[],
): Content {
  if (isSmall(content)) return content;
  const bytes = bytesOf(content);
  if (bytes <= limits.contentBytes) return content;
  const size = `input and output are ${bytes} bytes of JSON; Adaline takes ${limits.contentBytes}`;
  const field = content.input.length > content.output.length ? 'input' : 'output';
  if (onOversize === 'truncate') {
    findings.push({
      code: 'content_truncated',
      message: `${size}; their longest texts are cut`,
      hint: '',
      field,
    });
    return cut(content);
  }
  const hint = 'say --on-oversize truncate to cut the longest texts, or shorten them';
  findings.push({ code: 'content_too_large', message: size, hint, field });
  return content;
}
