/*
 * Reads rows in the shape of the ingest contract without building them: JSON as RFC 8259 has it, sixteen bytes of a text
 * at a time. Whoever asks learns where the values stand, what ids and times come to, and which values to look at.
 *
 * AssemblyScript; `npm run scanner` compiles it to `src/digest/row-scanner-code.ts`. No function allocates.
 */

import { fillChecksumTables } from './checksum';
import { digestRow } from './digest';
import { checks, fieldNamed, forgetValues, noteValue } from './fields';
import { tapeLength } from './memory';
import { failed, readName, readScalar, skipSpace } from './scalars';
import {
  append,
  array,
  clearTape,
  endOf,
  kindOf,
  length,
  nextOf,
  object,
  setEnd,
  setNext,
  startOf,
} from './tape';

export { addField } from './fields';
export {
  checksStart,
  checksumStart,
  factsStart,
  idsStart,
  inputLength,
  inputStart,
  mostPlaces,
  placesStart,
  tapeLength,
  tapeStart,
  timesStart,
} from './memory';

fillChecksumTables();

const refused: i32 = -1;

/** The field whose value is read. */
let field: u32 = 0;

/**
 * Scans the JSON object between two addresses, whose bytes are valid UTF-8, and digests it. The tape then has an entry
 * for each value and each name, in their order.
 *
 * @returns how many values have to be checked; -1 where it is no JSON object, a member of it is no field, a text holds
 *   half a character, containers nest deeper than `maxDepth`, or there is no room for the entries
 */
export function scan(from: usize, end: usize, maxDepth: u32): i32 {
  // Nothing accepts this byte, so no loop needs to ask where the end is. The next row may begin there.
  const behind = load<u8>(end);
  store<u8>(end, 0);
  clearTape();
  forgetValues();
  const accepted = load<u8>(skipSpace(from)) == 0x7b && readObject(from, maxDepth) == end;
  if (accepted) digestRow(from, end);
  store<u8>(end, behind);
  return accepted ? <i32>checks : refused;
}

/** Gives the address behind the object and the space after it, or `failed`. */
function readObject(from: usize, maxDepth: u32): usize {
  let at = from;
  let depth: u32 = 0;
  // The innermost open container. While one is open, its next entry is the one around it.
  let open: u32 = 0;
  while (true) {
    if (length + 2 > tapeLength) return failed;
    at = skipSpace(at);
    const first: u32 = load<u8>(at);
    const value = length;
    if (first == 0x7b || first == 0x5b) {
      if (depth == maxDepth) return failed;
      const isObject = first == 0x7b;
      append(isObject ? object : array, at, 0);
      setNext(value, open);
      if (depth == 1 && !noteValue(field, value)) return failed;
      open = value;
      depth++;
      at = skipSpace(at + 1);
      if (isObject) {
        if (load<u8>(at) != 0x7d) {
          at = readMember(at, depth);
          if (at == failed) return failed;
          continue;
        }
      } else if (load<u8>(at) != 0x5d) continue;
    } else {
      at = readScalar(at, first);
      if (at == failed || (depth == 1 && !noteValue(field, value))) return failed;
    }
    // Behind a value.
    while (true) {
      at = skipSpace(at);
      if (depth == 0) return at;
      const isObject = kindOf(open) == object;
      const next: u32 = load<u8>(at);
      if (next == 0x2c) {
        at++;
        if (isObject) {
          at = readMember(skipSpace(at), depth);
          if (at == failed) return failed;
        }
        break;
      }
      if (next != (isObject ? <u32>0x7d : <u32>0x5d)) return failed;
      at++;
      const outer = nextOf(open);
      setEnd(open, at);
      setNext(open, length);
      open = outer;
      depth--;
    }
  }
}

/** A member's name and the colon behind it. One of the row itself has to be a field's, and has no escapes then. */
function readMember(from: usize, depth: u32): usize {
  const name = length;
  const value = readName(from);
  if (depth > 1 || value == failed) return value;
  field = fieldNamed(startOf(name), endOf(name));
  return field == 0 ? failed : value;
}
