import { parseTime, isProblem } from '../../src/span/time.js';
import type { Span } from '../../src/span/span.js';
import { isObject, parseJsonContainer } from '../../src/span/text.js';

const timeOptions = { timezone: 'UTC', dateOrder: undefined } as const;

interface Scalar {
  path: string;
  value: string | number | boolean;
}

/** Every text, number and boolean of a value, also of JSON inside of texts. */
function scalarsOf(value: unknown, path = ''): Scalar[] {
  if (value === null || value === undefined || value === '') return [];
  if (Array.isArray(value)) return value.flatMap((item: unknown) => scalarsOf(item, path));
  if (isObject(value)) {
    return Object.entries(value).flatMap(([name, item]) =>
      scalarsOf(item, path === '' ? name : `${path}.${name}`),
    );
  }
  if (typeof value === 'string') {
    const inner = parseJsonContainer(value);
    return inner === undefined ? [{ path, value }] : [{ path, value }, ...scalarsOf(inner, path)];
  }
  return typeof value === 'number' || typeof value === 'boolean' ? [{ path, value }] : [];
}

function instant(value: unknown): number | undefined {
  const time = parseTime(value, timeOptions);
  return isProblem(time) ? undefined : time.micros;
}

/**
 * The scalars of rows that no span holds, each as `path=value`: texts alone or within another text, numbers by value,
 * times by the instant.
 */
export function lostScalars(rows: readonly unknown[], spans: readonly Span[]): string[] {
  const texts = new Set<string>();
  const instants = new Set<number>();
  for (const span of spans) {
    for (const { value } of scalarsOf(span)) texts.add(String(value));
    for (const field of ['start_time', 'timestamp']) {
      const micros = instant(span[field]);
      if (micros !== undefined) instants.add(micros);
    }
  }
  const all = [...texts].join('\0');
  const isHeld = ({ value }: Scalar): boolean => {
    const text = String(value);
    if (texts.has(text)) return true;
    if (typeof value === 'string' && all.includes(text)) return true;
    if (typeof value === 'string' && parseJsonContainer(value) !== undefined) return true;
    const micros = typeof value === 'boolean' ? undefined : instant(value);
    return micros !== undefined && instants.has(micros);
  };
  return rows
    .flatMap((row) => scalarsOf(row))
    .filter((scalar) => !isHeld(scalar))
    .map(({ path, value }) => `${path}=${String(value)}`);
}
