import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isObject } from '../../src/span/text.js';
import { samplesFolder } from './import-sample.js';

/** Of a sample by its name in the folder of samples; an absolute path stays. */
export function samplePath(name: string): string {
  return path.resolve(samplesFolder, name);
}

/** The rows of a file in JSON or JSON lines, read without the code under test. */
export function sampleRows(name: string): Record<string, unknown>[] {
  const text = readFileSync(samplePath(name), 'utf8');
  const rows: unknown[] = name.endsWith('.jsonl')
    ? text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line): unknown => JSON.parse(line))
    : [JSON.parse(text)];
  return rows.filter(isObject);
}
