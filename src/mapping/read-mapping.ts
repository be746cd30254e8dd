import { readFileSync } from 'node:fs';

import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type Pair, type YAMLMap } from 'yaml';

import { ImportError, usageError } from '../errors.js';
import { parseRedactPattern } from '../redact-pattern.js';
import { fieldKinds, isCredential } from '../span/fields.js';
import { parseFieldPath } from '../span/privacy.js';
import type { DurationUnit } from '../span/span.js';
import {
  comparisonOperators,
  parsePath,
  valueTypes,
  type Comparison,
  type Mapping,
  type Origin,
  type ValueType,
} from './mapping.js';

const topKeys = ['version', 'where', 'fields', 'metadata', 'rest', 'drop', 'hash', 'redact', 'files'];
const originKeys = ['path', 'type', 'unit', 'value', 'template'];
const units: readonly DurationUnit[] = ['s', 'ms', 'us', 'ns'];
/** Ids and times are no fields of the table, but of every span. */
const idFields = new Set(['trace_unique_id', 'span_unique_id', 'span_parent_id', 'start_time', 'timestamp']);

/**
 * Reads a mapping file (YAML, and so JSON too). Throws `bad_mapping` with the line and the key at fault;
 * `schema/mapping.schema.json` describes the file.
 */
export function readMapping(file: string): Mapping {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw usageError(
      'mapping_unreadable',
      `the mapping file ${file} cannot be read`,
      'check the path given to --map',
      error,
    );
  }
  return parseMapping(text, file);
}

export function parseMapping(text: string, file: string): Mapping {
  return new MappingReader(text, file).read();
}

function originOf(all: ReadonlyMap<string, { origin: Origin }>): Map<string, Origin> {
  return new Map([...all].map(([name, { origin }]) => [name, origin]));
}

class MappingReader {
  private readonly lines = new LineCounter();
  private readonly document;

  constructor(
    text: string,
    private readonly file: string,
  ) {
    this.document = parseDocument(text, { lineCounter: this.lines, uniqueKeys: true });
  }

  read(): Mapping {
    const [error] = this.document.errors;
    if (error !== undefined)
      throw this.bad(undefined, error.message.split('\n')[0] ?? 'no YAML', error.pos[0]);
    const root = this.document.contents;
    if (!isMap(root)) throw this.bad(root, 'the file must be a map of keys');
    const top = this.entries(root, topKeys, '');
    this.checkVersion(top.get('version'));
    return {
      where: this.comparisons(top.get('where')),
      ...this.targets(root, ''),
      rest: this.rest(top.get('rest')),
      privacy: {
        drop: this.list(top.get('drop'), 'drop', (path) => parseFieldPath('--drop-field', path)).flat(),
        hash: this.list(top.get('hash'), 'hash', (path) => parseFieldPath('--hash-field', path)).flat(),
        redact: this.list(top.get('redact'), 'redact', parseRedactPattern),
      },
      files: this.files(top.get('files')),
    };
  }

  private checkVersion(node: Node | undefined): void {
    if (node !== undefined && this.scalar(node, 'version') !== 1)
      throw this.bad(node, 'version: only 1 is known');
  }

  private targets(map: YAMLMap, prefix: string): Pick<Mapping, 'fields' | 'metadata'> {
    const fields = this.origins(map.get('fields', true), `${prefix}fields`);
    for (const [name, { node }] of fields) this.checkField(name, node, `${prefix}fields`);
    const metadata = this.origins(map.get('metadata', true), `${prefix}metadata`);
    return { fields: originOf(fields), metadata: originOf(metadata) };
  }

  private checkField(name: string, node: Node, prefix: string): void {
    if (isCredential(name)) throw this.bad(node, `${prefix}.${name}: credentials are never sent`);
    if (!idFields.has(name) && !fieldKinds.has(name)) {
      throw this.bad(
        node,
        `${prefix}.${name}: a span has no such field; names of your own go under metadata`,
      );
    }
  }

  private origins(node: unknown, key: string): Map<string, { origin: Origin; node: Node }> {
    const found = new Map<string, { origin: Origin; node: Node }>();
    if (node === undefined || (isScalar(node) && node.value === null)) return found;
    if (!isMap(node)) throw this.bad(asNode(node), `${key}: must be a map`);
    for (const pair of node.items) {
      const name = this.nameOf(pair, key);
      const value = asNode(pair.value);
      if (value === undefined) throw this.bad(asNode(pair.key), `${key}.${name}: says nothing`);
      found.set(name, { origin: this.origin(value, `${key}.${name}`), node: asNode(pair.key) ?? value });
    }
    return found;
  }

  private origin(node: Node, key: string): Origin {
    if (isScalar(node)) return this.pathOrigin([this.text(node, key)]);
    if (isSeq(node)) return this.pathOrigin(node.items.map((item) => this.text(asNode(item), key)));
    if (!isMap(node)) throw this.bad(node, `${key}: must be a path, a list of paths, or a map`);
    const parts = this.entries(node, originKeys, key);
    const chosen = ['path', 'value', 'template'].filter((each) => parts.has(each));
    if (chosen.length !== 1) throw this.bad(node, `${key}: needs one of path, value and template`);
    if (parts.has('value')) return { kind: 'value', value: node.toJSON().value };
    if (parts.has('template'))
      return { kind: 'template', parts: templateParts(this.text(parts.get('template'), key)) };
    const path = parts.get('path');
    const paths = isSeq(path)
      ? path.items.map((item) => this.text(asNode(item), key))
      : [this.text(path, key)];
    return this.pathOrigin(
      paths,
      this.oneOf(parts.get('type'), valueTypes, `${key}.type`),
      this.oneOf(parts.get('unit'), units, `${key}.unit`),
    );
  }

  private pathOrigin(paths: readonly string[], type?: ValueType, unit?: DurationUnit): Origin {
    return { kind: 'path', paths: paths.map(parsePath), type, unit };
  }

  private comparisons(node: Node | undefined): Comparison[] {
    if (node === undefined) return [];
    const items = isSeq(node) ? node.items : [node];
    return items.map((item) => {
      const text = this.text(asNode(item), 'where');
      const match =
        /^(.+?)\s+(exists|missing)$/.exec(text) ?? /^(.+?)\s*(==|!=|<=|>=|<|>)\s*(.*)$/.exec(text);
      const operator = comparisonOperators.find((each) => each === match?.[2]);
      if (match === null || operator === undefined) {
        throw this.bad(
          asNode(item),
          `where: ${JSON.stringify(text)} is no comparison such as status != "debug"`,
        );
      }
      return { path: parsePath(match[1]!), operator, value: literal(match[3] ?? '') };
    });
  }

  /** Texts that a flag takes too: what it would say of them is said with line and key. */
  private list<Value>(node: Node | undefined, key: string, read: (text: string) => Value): Value[] {
    if (node === undefined) return [];
    const items = isSeq(node) ? node.items.map(asNode) : [node];
    return items.map((item) => {
      const text = this.text(item, key);
      try {
        return read(text);
      } catch (error) {
        if (!(error instanceof ImportError)) throw error;
        throw this.bad(item, `${key}: ${error.message.replace(/^--[a-z-]+:? /, '')}`);
      }
    });
  }

  private rest(node: Node | undefined): Mapping['rest'] {
    return this.oneOf(node, ['metadata', 'drop'] as const, 'rest') ?? 'metadata';
  }

  private files(node: Node | undefined): Mapping['files'] {
    if (node === undefined) return [];
    if (!isMap(node)) throw this.bad(node, 'files: must be a map of patterns');
    return node.items.map((pair) => {
      const pattern = this.nameOf(pair, 'files');
      const value = asNode(pair.value);
      if (!isMap(value)) throw this.bad(value ?? asNode(pair.key), `files.${pattern}: must be a map`);
      this.entries(value, ['fields', 'metadata'], `files.${pattern}`);
      return { pattern, ...this.targets(value, `files.${pattern}.`) };
    });
  }

  private entries(map: YAMLMap, known: readonly string[], key: string): Map<string, Node> {
    const entries = new Map<string, Node>();
    for (const pair of map.items) {
      const name = this.nameOf(pair, key);
      if (!known.includes(name)) {
        const where = key === '' ? '' : `${key}: `;
        throw this.bad(
          asNode(pair.key),
          `${where}there is no key ${JSON.stringify(name)}; there are ${known.join(', ')}`,
        );
      }
      const value = asNode(pair.value);
      if (value !== undefined) entries.set(name, value);
    }
    return entries;
  }

  private nameOf(pair: Pair, key: string): string {
    if (isScalar(pair.key) && typeof pair.key.value === 'string') return pair.key.value;
    throw this.bad(asNode(pair.key), `${key === '' ? 'a key' : key}: keys must be texts`);
  }

  private text(node: Node | undefined, key: string): string {
    const value = this.scalar(node, key);
    if (typeof value === 'string' && value !== '') return value;
    throw this.bad(node, `${key}: must be a text`);
  }

  private scalar(node: Node | undefined, key: string): unknown {
    if (!isScalar(node)) throw this.bad(node, `${key}: must be a single value`);
    return node.value;
  }

  private oneOf<Value extends string>(
    node: Node | undefined,
    known: readonly Value[],
    key: string,
  ): Value | undefined {
    if (node === undefined) return undefined;
    const text = this.text(node, key);
    const found = known.find((each) => each === text);
    if (found === undefined)
      throw this.bad(node, `${key}: ${JSON.stringify(text)} is none of ${known.join(', ')}`);
    return found;
  }

  private bad(node: Node | null | undefined, message: string, offset = node?.range?.[0]): ImportError {
    const line = offset === undefined ? 1 : this.lines.linePos(offset).line;
    return usageError(
      'bad_mapping',
      `${this.file}:${line}: ${message}`,
      'see "A mapping file" in the README',
    );
  }
}

function asNode(value: unknown): Node | undefined {
  return isMap(value) || isSeq(value) || isScalar(value) ? value : undefined;
}

/** `{a.b}-{c}` in texts and paths; `{{` is a brace. */
function templateParts(text: string): (string | ReturnType<typeof parsePath>)[] {
  return text
    .split(/(\{\{|\}\}|\{[^{}]+\})/)
    .filter((part) => part !== '')
    .map((part) => {
      if (part === '{{') return '{';
      if (part === '}}') return '}';
      return part.startsWith('{') ? parsePath(part.slice(1, -1)) : part;
    });
}

/** The right side of a comparison: JSON where it is JSON, else the bare word. */
function literal(text: string): Comparison['value'] {
  try {
    const value: Comparison['value'] | object = JSON.parse(text);
    return typeof value === 'object' && value !== null ? text : value;
  } catch {
    return text.trim();
  }
}
