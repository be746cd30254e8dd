import { isContainer } from '../input/nesting.js';
import type { PrivacyRules } from '../span/privacy.js';
import type { DurationUnit } from '../span/span.js';

/** A mapping file, read and checked: how rows of a format that no source knows become spans. */
export interface Mapping {
  /** All must hold; other rows are skipped with the reason `filtered`. */
  where: Comparison[];
  /** Target field → where its value comes from. */
  fields: ReadonlyMap<string, Origin>;
  /** Key of the metadata → where its value comes from. */
  metadata: ReadonlyMap<string, Origin>;
  /** What happens to fields of the row that nothing took. */
  rest: 'metadata' | 'drop';
  /** What must not reach the destination: paths of the span's fields, and patterns. */
  privacy: PrivacyRules;
  /** More fields and metadata for inputs whose name fits a pattern; the later one wins. */
  files: FileMapping[];
}

export interface FileMapping {
  /** A glob over the name as the user gave it. */
  pattern: string;
  fields: ReadonlyMap<string, Origin>;
  metadata: ReadonlyMap<string, Origin>;
}

/** Where a value comes from. */
export type Origin =
  | { kind: 'path'; paths: Path[]; type: ValueType | undefined; unit: DurationUnit | undefined }
  | { kind: 'value'; value: unknown }
  /** Texts and paths in turn: `{service}.{operation}`. Absent where a path has no value. */
  | { kind: 'template'; parts: (string | Path)[] };

/** `usage.input` or `messages[0].content`, and the keys that it stands for. A column name with dots is found too. */
export interface Path {
  text: string;
  keys: string[];
}

/** What a column holds. Epochs say the unit where its size would not; `json` decodes a text. */
export const valueTypes = ['text', 'number', 'json', 'epoch_s', 'epoch_ms', 'epoch_us', 'epoch_ns'] as const;
export type ValueType = (typeof valueTypes)[number];

export const comparisonOperators = ['==', '!=', '<=', '>=', '<', '>', 'exists', 'missing'] as const;

/** `status != "debug"`, `tokens > 0`, `error missing`. */
export interface Comparison {
  path: Path;
  operator: (typeof comparisonOperators)[number];
  value: string | number | boolean | null;
}

/** Reads `a.b[0].c`. */
export function parsePath(text: string): Path {
  const keys = text
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.')
    .filter((key) => key !== '');
  return { text, keys };
}

/** The value at a path: by its whole name first, since CSV headers hold dots too. Undefined where there is none. */
export function valueAt(row: unknown, path: Path): unknown {
  if (isContainer(row) && Object.hasOwn(row, path.text)) return Reflect.get(row, path.text);
  let value: unknown = row;
  for (const key of path.keys) {
    const container = typeof value === 'string' ? parsedContainer(value) : value;
    if (!isContainer(container) || !Object.hasOwn(container, key)) return undefined;
    value = Reflect.get(container, key);
  }
  return path.keys.length === 0 ? undefined : value;
}

/** Cells and log fields often hold JSON as a text: paths lead into it. */
function parsedContainer(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
