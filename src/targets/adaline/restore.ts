import { define } from '../../span/define.js';
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

/** Whether a path leads into a message, which has to be there first. */
function isItem({ path }: { path: string }): boolean {
  return itemPath.test(path) || messagePath.test(path);
}

/** The message that a path leads to, and the name within it; undefined where that message was cut with its content. */
function placeOf(path: string, fields: Fields): { holder: Fields; name: string } | undefined {
  const [, list, index, name = ''] = itemPath.exec(path) ?? [];
  if (list !== undefined) {
    const items = fields[list];
    const holder: unknown = Array.isArray(items) ? items[Number(index)] : undefined;
    return isObject(holder) ? { holder, name } : undefined;
  }
  const [, field, within = ''] = messagePath.exec(path) ?? [];
  if (field === undefined) return { holder: fields, name: path };
  const holder = fields[field];
  return isObject(holder) ? { holder, name: within } : undefined;
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
    const place = placeOf(path, read);
    if (place !== undefined) define(place.holder, place.name, valueOfAttribute(value));
  }
  for (const path of textsOf(attributes[absentAttribute])) {
    const place = placeOf(path, read);
    if (place !== undefined) delete place.holder[place.name];
  }
  return read;
}
