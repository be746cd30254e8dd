import { readFileSync } from 'node:fs';

/**
 * The JSON documents of a file, read without the project's own framing: one document, one a line, or pretty-printed
 * one after another.
 */
export function documentsOf(path: string): unknown[] {
  const text = readFileSync(path, 'utf8').trim();
  for (const joined of [
    `[${text}]`,
    `[${text.split('\n').join(',')}]`,
    `[${text.replaceAll(/^\}\s*\{/gm, '},{')}]`,
  ]) {
    try {
      const documents: unknown[] = JSON.parse(joined);
      return documents;
    } catch {
      // Another layout.
    }
  }
  throw new Error(`${path} is not JSON in any layout`);
}
