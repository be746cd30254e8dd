import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * The native rows of a file, parsed: read as Node's documentation shows it, which is what someone does who has such a
 * client at hand and a file of lines.
 *
 * @param {string} file
 * @returns {AsyncGenerator<Record<string, any>>}
 */
export async function* readRows(file) {
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    yield JSON.parse(line);
  }
}
