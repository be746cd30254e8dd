import { isObject } from '../../span/text.js';
import {
  absentAttribute,
  fieldOfAttribute,
  fieldPrefix,
  metadataNameOf,
  textsOf,
  valueOfAttribute,
} from './attributes.js';

type Fields = Record<string, unknown>;

const itemPath = /^(prompt_messages|completion_messages)\.(\d+)\.(.+)$/s;
const messagePath = /^(completion_message)\.(.+)$/s;

function isItem({ path }: { path: string }): boolean {
  return itemPath.test(path) || messagePath.test(path);
}

/** The message that a path leads to, and the name within it. */
function placeOf(path: string, fields: Fields): { holder: Fields; name: string } {
  const item = itemPath.exec(path);
  const list = item === null ? undefined : fields[item[1] ?? ''];
  const message: unknown = Array.isArray(list) ? list[Number(item?.[2])] : undefined;
  if (isObject(message)) return { holder: message, name: item?.[3] ?? '' };
  const single = messagePath.exec(path);
  const only = single === null ? undefined : fields[single[1] ?? ''];
  return isObject(only) ? { holder: only, name: single?.[2] ?? '' } : { holder: fields, name: path };
}

function define(target: Fields, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

/** The entries of the metadata among attributes. */
export function metadataOf(attributes: Readonly<Fields>): Fields {
  const metadata: Fields = {};
  for (const [attribute, value] of Object.entries(attributes)) {
    const name = metadataNameOf(attribute);
    if (name !== undefined) define(metadata, name, value);
  }
  return metadata;
}

/**
 * The fields of a span that this importer sent: `read` is what the places of Adaline say, the attributes what they do
 * not. The inverse of `addDifferences`; changes `read`.
 */
export function restoreFields(read: Fields, attributes: Readonly<Fields>): Fields {
  const own = Object.entries(attributes).filter(([name]) => metadataNameOf(name) === undefined);
  const paths = own.map(([name, value]) => ({ path: name.slice(fieldPrefix.length), value }));
  for (const { path, value } of paths)
    if (!isItem({ path })) define(read, path, fieldOfAttribute(path, value));
  for (const { path, value } of paths.filter(isItem)) {
    const { holder, name } = placeOf(path, read);
    define(holder, name, valueOfAttribute(value));
  }
  for (const path of textsOf(attributes[absentAttribute])) {
    const { holder, name } = placeOf(path, read);
    delete holder[name];
  }
  return read;
}
