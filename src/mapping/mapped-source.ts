import type { Problem } from '../input/row.js';
import type { Mapped, Source } from '../sources/source.js';
import { formatMicros } from '../span/calendar.js';
import type { DurationUnit, SpanDraft } from '../span/span.js';
import { remember } from '../span/remember.js';
import { asText, isAbsent, isObject, shown } from '../span/text.js';
import { holds } from './comparison.js';
import { valueAt, type Mapping, type Origin, type Path, type ValueType } from './mapping.js';
import { withoutPaths } from './rest.js';

/** Targets that are no fields of a draft but parts of it. */
const parts = {
  trace_unique_id: 'traceId',
  span_unique_id: 'spanId',
  span_parent_id: 'parentId',
  start_time: 'start',
  timestamp: 'end',
} as const;

const seconds: Record<DurationUnit, number> = { s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9 };
const microsOf: Partial<Record<ValueType, number>> = {
  epoch_s: 1e6,
  epoch_ms: 1e3,
  epoch_us: 1,
  epoch_ns: 1e-3,
};

/** Rows as a mapping file describes them. */
export function mappedSource(mapping: Mapping): Source {
  // Once for an input, not for every row.
  const originsOf = remember((name) => originsFor(name, mapping));
  return {
    name: 'map',
    title: 'Rows as a mapping file describes them',
    checked: 'schema',
    recognisedBy: '`--map FILE` alone',
    detect: (sample) => ({ agreeing: sample.length, because: 'the mapping file says so' }),
    map: (row, context) => mapRow(row, mapping, originsOf(context.inputName)),
  };
}

/** Where the values of one input come from: what holds for all files, and what is said for those named like it. */
interface Origins {
  fields: ReadonlyMap<string, Origin>;
  metadata: ReadonlyMap<string, Origin>;
}

function originsFor(name: string, { fields, metadata, files }: Mapping): Origins {
  const own = files.filter(({ pattern }) => matches(pattern, name));
  return {
    fields: new Map([...fields, ...own.flatMap((file) => [...file.fields])]),
    metadata: new Map([...metadata, ...own.flatMap((file) => [...file.metadata])]),
  };
}

function mapRow(row: unknown, mapping: Mapping, origins: Origins): Mapped {
  if (!isObject(row)) return { kind: 'reject', problem: notAnObject(row) };
  if (!mapping.where.every((comparison) => holds(comparison, row)))
    return { kind: 'skip', reason: 'filtered' };
  const draft: SpanDraft = { fields: {}, metadata: {}, sourceNames: {} };
  const used: Path[] = [];
  for (const [field, origin] of origins.fields) {
    const found = resolve(origin, row);
    used.push(...found.used);
    if (found.problem !== undefined) return { kind: 'reject', problem: found.problem };
    if (!isAbsent(found.value)) put(draft, field, found.value, origin);
    const [name] = found.used;
    if (name !== undefined) draft.sourceNames[Reflect.get(parts, field) ?? field] = name.text;
  }
  for (const [key, origin] of origins.metadata) {
    const found = resolve(origin, row);
    used.push(...found.used);
    if (found.problem !== undefined) return { kind: 'reject', problem: found.problem };
    if (!isAbsent(found.value)) draft.metadata[key] = found.value;
  }
  if (mapping.rest === 'metadata') draft.metadata = { ...withoutPaths(row, used), ...draft.metadata };
  return { kind: 'drafts', drafts: [draft] };
}

function put(draft: SpanDraft, field: string, value: unknown, origin: Origin): void {
  const unit = origin.kind === 'path' ? origin.unit : undefined;
  if (field in parts) Reflect.set(draft, Reflect.get(parts, field), value);
  else if (field === 'latency' && unit !== undefined) draft.latency = { value, unit };
  else draft.fields[field] = unit === undefined ? value : Number(value) * seconds[unit];
}

interface Resolved {
  value: unknown;
  used: readonly Path[];
  problem?: Problem;
}

function resolve(origin: Origin, row: unknown): Resolved {
  if (origin.kind === 'value') return { value: origin.value, used: [] };
  if (origin.kind === 'template') {
    const values = origin.parts.map((part) => (typeof part === 'string' ? part : valueAt(row, part)));
    const used = origin.parts.filter((part) => typeof part !== 'string');
    return { value: values.some(isAbsent) ? undefined : values.map(String).join(''), used };
  }
  const path = origin.paths.find((each) => !isAbsent(valueAt(row, each)));
  if (path === undefined) return { value: undefined, used: [] };
  return typed(valueAt(row, path), path, origin.type);
}

function typed(value: unknown, path: Path, type: ValueType | undefined): Resolved {
  const used = [path];
  const wrong = (wanted: string): Resolved => ({
    value: undefined,
    used,
    problem: wrongType(path, value, wanted),
  });
  if (type === undefined) return { value, used };
  if (type === 'text') return { value: asText(value), used };
  if (type === 'json') {
    if (typeof value !== 'string') return { value, used };
    try {
      return { value: JSON.parse(value), used };
    } catch {
      return wrong('JSON');
    }
  }
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return wrong('a number');
  const scale = microsOf[type];
  return { value: scale === undefined ? number : formatMicros(Math.round(number * scale)), used };
}

function wrongType(path: Path, value: unknown, wanted: string): Problem {
  return {
    code: 'wrong_type',
    message: `${path.text}: ${shown(value)} is not ${wanted}, as the mapping file says`,
    hint: 'mend the row, or the type in the mapping file',
    field: path.text,
  };
}

function notAnObject(row: unknown): Problem {
  const hint = 'each row must be a JSON object, or a CSV record under a header';
  return { code: 'not_an_object', message: `${shown(row)} is not an object`, hint };
}

/** `*` within a folder, `**` across folders, `?` for one character. */
function matches(pattern: string, name: string): boolean {
  const source = pattern
    .split(/(\*\*|\*|\?)/)
    .map((part) => {
      if (part === '**') return '.*';
      if (part === '*') return '[^/]*';
      return part === '?' ? '[^/]' : part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
    })
    .join('');
  return new RegExp(`^(?:.*/)?${source}$`).test(name);
}
