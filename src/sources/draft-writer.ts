import type { Problem } from '../input/row.js';
import { isCredential } from '../span/fields.js';
import type { SpanDraft } from '../span/span.js';
import { isAbsent, isEmptyContainer, isObject, shown } from '../span/text.js';
import { addTo, mapAttributes } from './otel/attributes.js';

function isSame(left: unknown, right: unknown): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right);
}

/** Builds a draft so that nothing said twice differently is lost: what finds its place taken goes to the metadata. */
export class DraftWriter {
  constructor(readonly draft: SpanDraft = { fields: {}, metadata: {}, sourceNames: {} }) {}

  /** Sets a place of the draft itself: an id or a time. `name` is the row's own name for it. */
  place(place: 'traceId' | 'spanId' | 'parentId' | 'start' | 'end', value: unknown, name: string): void {
    if (value === undefined) return;
    this.draft[place] = value;
    this.draft.sourceNames[place] = name;
  }

  /** Sets a target field that nothing has set yet; a second, different value is kept under the source's name. */
  set(field: string, value: unknown, name: string): void {
    if (value === undefined || value === null || value === '') return;
    const { fields, sourceNames } = this.draft;
    if (!Object.hasOwn(fields, field)) {
      fields[field] = value;
      sourceNames[field] = name;
    } else if (!isSame(fields[field], value)) this.keep(name, value);
  }

  /** Keeps a value in the metadata; a name that another value has taken gets a number. Empty containers say nothing. */
  keep(name: string, value: unknown): void {
    if (isAbsent(value) || (typeof value === 'object' && isEmptyContainer(value))) return;
    const key = name.slice(name.lastIndexOf('.') + 1);
    // Under its bare name a credential is recognised, dropped and told.
    addTo(this.draft.metadata, isCredential(key) ? key : name, value);
  }

  /** Keeps all entries of an object but those that were taken; nested objects under dotted names, level by level. */
  keepRest(row: Record<string, unknown>, taken: ReadonlySet<string>, prefix = ''): void {
    for (const [name, value] of Object.entries(row)) {
      if (taken.has(name)) continue;
      if (isObject(value)) this.keepRest(value, nothing, `${prefix}${name}.`);
      else this.keep(`${prefix}${name}`, value);
    }
  }

  /** Maps attributes in the vocabularies of OpenTelemetry and OpenInference; the unknown go to the metadata, prefixed. */
  addAttributes(attributes: Record<string, unknown>, prefix = ''): void {
    const { fields, metadata, sourceNames } = mapAttributes(attributes);
    for (const [field, value] of Object.entries(fields)) this.set(field, value, sourceNames[field] ?? field);
    for (const [name, value] of Object.entries(metadata)) this.keep(prefix + name, value);
  }

  /** Marks the span as failed. */
  fail(): void {
    this.draft.fields['status_code'] = 500;
  }
}

const nothing: ReadonlySet<string> = new Set();

/** A field of the vendor's schema that holds something else than the schema says. */
export function badField(field: string, value: unknown, expected: string): Problem {
  return {
    code: 'bad_field',
    message: `${shown(field)}: ${shown(value)} is not ${expected}`,
    hint: 'mend the row in the rejects file and import that',
    field,
  };
}

/** A row that is no object, or an object in which nothing of the format is found. */
export function notASpan(row: unknown, expected: string): Problem {
  return {
    code: isObject(row) ? 'not_a_span' : 'not_an_object',
    message: `${shown(row)} is not ${expected}`,
    hint: 'say --source generic where the rows are of another format',
  };
}
