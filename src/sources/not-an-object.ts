import { isObject, shown } from '../span/text.js';
import type { Mapped } from './source.js';

/** The answer to a row that no format knows: a bare value or a list. `expected` says what the format's rows are. */
export function notAnObject(row: unknown, expected: string): Mapped {
  return {
    kind: 'reject',
    problem: {
      code: 'not_an_object',
      message: `${shown(row)} is not an object`,
      hint: `each row must be ${expected}`,
    },
  };
}

/** The answer to a row without the field that its format is about. */
export function missingField(field: string, expected: string): Mapped {
  return {
    kind: 'reject',
    problem: {
      code: 'missing_field',
      message: `the row has no ${field}`,
      hint: `each row must be ${expected}; for rows of another making choose another --source`,
      field,
    },
  };
}

/** The answer to a list of a document, such as `runs`, that is no list of objects. */
export function badList(field: string, value: unknown, expected: string): Mapped {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const found = list.find((item) => !isObject(item) && item !== null);
  return {
    kind: 'reject',
    problem: {
      code: 'bad_field',
      message: `${shown(field)}: ${shown(found)} is not ${expected}`,
      hint: `mend ${shown(field)}, or import the file as it was exported`,
      field,
    },
  };
}

/** Whether a value is a list of objects; nulls among them say nothing. */
export function isObjectList(value: unknown): value is (Record<string, unknown> | null)[] {
  return Array.isArray(value) && value.every((item) => isObject(item) || item === null);
}
