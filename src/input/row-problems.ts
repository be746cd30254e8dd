import { binarySize } from './excerpt.js';
import type { Problem } from './row.js';

export function truncatedRow(offset: number): Problem {
  return {
    code: 'truncated_row',
    message: `the input ends inside the row that begins at byte ${offset}`,
    hint: 'export the file again; a second run sends only what is missing',
  };
}

export function rowTooLarge(bytes: number, limit: number): Problem {
  return {
    code: 'row_too_large',
    message: `the row has ${binarySize(bytes)} (${bytes} bytes), more than the ${binarySize(limit)} of --max-row-bytes`,
    hint: `--max-row-bytes ${bytes} would read it`,
  };
}

export function nestedTooDeep(maxDepth: number): Problem {
  return {
    code: 'nested_too_deep',
    message: `the row is nested deeper than ${maxDepth} levels`,
    hint: 'raise --max-depth if the row is meant to be so',
  };
}

export function invalidUtf8(): Problem {
  return {
    code: 'invalid_utf8',
    message: 'the row is not valid UTF-8',
    hint: 'convert the file, e.g. iconv -f cp1252 -t utf-8',
  };
}
