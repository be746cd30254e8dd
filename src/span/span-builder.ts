import type { Warning } from '../input/row.js';
import { accepts } from './accept.js';
import {
  convertMessageField,
  convertPlain,
  convertToolCallField,
  isPlainKind,
  type PlainKind,
} from './convert.js';
import { define } from './define.js';
import { fieldKinds, maxNameLength, type FieldKind } from './fields.js';
import { logTypeFromKind } from './log-type.js';
import { addMetadata, metadataEntries } from './metadata.js';
import { asText, decodeOnce, isAbsent, isEmptyContainer, parseJsonContainer, shown } from './text.js';

/** Collects the fields of one span: each value converted by the kind of its field, nothing lost on the way. */
export class SpanBuilder {
  readonly fields: Record<string, unknown> = {};
  readonly metadata: Record<string, unknown> = {};
  readonly warnings: Warning[] = [];
  /** A value is no longer what the row says. */
  changed = false;

  /**
   * `native`: the row has the target's own shape, so values that the server stores stay as they are, and even a
   * conversion without loss is told.
   */
  constructor(private readonly native: boolean) {}

  warn(code: string, message: string, field: string): void {
    this.warnings.push({ code, message, field });
  }

  /** Adds a field of the contract. `name` is what the row calls it; `exact` the value as written, if it was rounded. */
  add(field: string, value: unknown, name: string, exact = value): void {
    const kind = fieldKinds.get(field);
    if (value === undefined) return;
    if (kind === undefined) return this.keepUnknown(name, exact);
    if (this.saysNothing(kind, value)) {
      this.changed = true;
      return;
    }
    if (kind === 'metadata') return this.addMetadataField(value);
    if (this.native && accepts[kind](value)) {
      this.fields[field] = value;
      return;
    }
    // Ids and times are read together, by those who know all of them.
    if (kind === 'identifier' || kind === 'time') return;
    if (isPlainKind(kind)) return this.addPlain(kind, field, value, name, exact);
    switch (kind) {
      case 'name':
        return this.addName(field, value, name);
      case 'log_type':
        return this.addLogType(value, name);
      case 'messages':
      case 'message':
        return this.addMessages(kind, field, value, name);
    }
  }

  /** Keeps a value that has no place, or whose place has been taken, in the metadata. */
  keep(name: string, value: unknown): void {
    this.changed = true;
    const credential = addMetadata(this.metadata, name, value);
    if (credential !== undefined) {
      this.warn(
        'credential_dropped',
        `${shown(credential)} holds a credential, which is never sent`,
        credential,
      );
    }
  }

  /** "None" is nothing in a number or a name, but may be what a model was asked or what it answered. */
  private saysNothing(kind: FieldKind, value: unknown): boolean {
    if (typeof value !== 'string') return isAbsent(value);
    if (this.native && accepts[kind](value)) return false;
    return kind === 'text' ? value === '' : isAbsent(value);
  }

  private keepUnknown(name: string, value: unknown): void {
    const warned = this.warnings.length;
    this.keep(name, value);
    if (this.native && !isAbsent(value) && this.warnings.length === warned) {
      this.warn(
        'unknown_field_to_metadata',
        `${shown(name)} is no field of the destination; kept in metadata`,
        name,
      );
    }
  }

  private addPlain(kind: PlainKind, field: string, value: unknown, name: string, exact: unknown): void {
    if (this.native) return this.set(field, convertPlain(kind, value), name, exact);
    if (kind === 'text') return this.set(field, decodeOnce(asText(value)), name, exact);
    const converted = field === 'tool_calls' ? convertToolCallField(value) : convertPlain(kind, value);
    this.set(field, converted, name, exact);
  }

  private set(field: string, converted: unknown, name: string, original: unknown): void {
    this.changed = true;
    if (converted !== undefined) {
      this.fields[field] = converted;
      return;
    }
    this.keep(name, original);
    this.warn('value_omitted', `${shown(original)} is no value for ${field}; kept in metadata`, name);
  }

  private addName(field: string, value: unknown, name: string): void {
    const text = asText(value);
    const characters = Array.from(text);
    this.changed ||= text !== value;
    if (characters.length <= maxNameLength) {
      this.fields[field] = text;
      return;
    }
    this.fields[field] = characters.slice(0, maxNameLength).join('');
    this.keep(field, text);
    this.warn(
      'name_cut',
      `the name has ${characters.length} characters; the first ${maxNameLength} stay, all of them in metadata`,
      name,
    );
  }

  private addLogType(value: unknown, name: string): void {
    this.changed = true;
    const known = logTypeFromKind(value);
    if (known !== undefined) this.fields['log_type'] = known;
    const sameWord = typeof value === 'string' && value.trim().toLowerCase() === known;
    if (!sameWord) this.keep(name, value);
    if (known === undefined || (this.native && !sameWord)) {
      this.warn(
        'log_type_converted',
        `${shown(value)} is no log type; ${known ?? 'left out'}, kept in metadata`,
        name,
      );
    }
  }

  private addMessages(kind: 'messages' | 'message', field: string, value: unknown, name: string): void {
    if (!this.native && isEmptyContainer(value)) return;
    const { value: converted, roles, rest } = convertMessageField(kind, field, value);
    this.set(field, converted, name, value);
    if (rest.length > 0) this.keep(`${field}_tool_results`, rest);
    for (const { index, role, known } of roles) {
      if (known && !this.native) continue;
      const place = kind === 'messages' ? `${field}.${index}.role` : `${field}.role`;
      if (!known) this.keep(place, role);
      this.warn('role_converted', `the destination does not know the role ${shown(role)}`, place);
    }
  }

  private addMetadataField(value: unknown): void {
    const read = typeof value === 'string' ? (parseJsonContainer(value) ?? value) : value;
    if (this.native && read === value && accepts.metadata(value)) {
      // Values of a row in the target's shape keep their types; only what is added becomes text.
      for (const [name, item] of metadataEntries(value)) define(this.metadata, name, item);
      return;
    }
    this.changed = true;
    for (const [name, item] of metadataEntries(read)) this.keep(name, item);
  }
}
