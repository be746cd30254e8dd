import {
  checksStart,
  fieldsStart,
  fieldSlotsStart,
  inputStart,
  mostChecks,
  mostPlaces,
  placesStart,
} from './memory';
import { kindOf } from './tape';

/** A record: the name, padded with zeros; then its length, the place, and the kinds that need not be looked at. */
const recordBytes: usize = 48;
const longestName: u32 = 32;
const lengthOffset: usize = 32;
const placeOffset: usize = 36;
const kindsOffset: usize = 40;

/** With linear probing; 0 is no field. */
const slots: u32 = 1024;
/** Their records end where the slots begin. */
const mostFields: u32 = 140;

let fields: u32 = 0;
/** Values that have to be checked. */
export let checks: u32 = 0;

/**
 * Makes a field known whose name lies at `inputStart`. Fields are numbered from 1. False where there is no room for one
 * more, or for so long a name.
 *
 * @param kinds a bit for each kind of value that it takes, whatever the value
 * @param place where to tell of its value, `mostPlaces` for nowhere
 */
export function addField(nameLength: u32, kinds: u32, place: u32): bool {
  if (fields == mostFields || nameLength > longestName) return false;
  const record = recordOf(++fields);
  memory.copy(record, inputStart, nameLength);
  store<u32>(record, nameLength, lengthOffset);
  store<u32>(record, place, placeOffset);
  store<u32>(record, kinds, kindsOffset);
  let slot = slotOf(inputStart, nameLength);
  while (load<u8>(fieldSlotsStart + slot) != 0) slot = (slot + 1) & (slots - 1);
  store<u8>(fieldSlotsStart + slot, <u8>fields);
  return true;
}

/** The field that is named so, 0 if none is. */
export function fieldNamed(name: usize, end: usize): u32 {
  const length = <u32>(end - name);
  if (length - 1 >= longestName) return 0;
  let slot = slotOf(name, length);
  while (true) {
    const field: u32 = load<u8>(fieldSlotsStart + slot);
    if (field == 0) return 0;
    const record = recordOf(field);
    if (load<u32>(record, lengthOffset) == length && areSame(record, name, length)) return field;
    slot = (slot + 1) & (slots - 1);
  }
}

export function forgetValues(): void {
  memory.fill(placesStart, 0, mostPlaces * 4);
  checks = 0;
}

/** The entry of a value, 0 where the row has none. */
export function placed(place: u32): u32 {
  return load<u32>(placesStart + (place << 2));
}

/** Notes what has to be known of a field's value. As JSON.parse has it, the last one of a name counts. */
export function noteValue(field: u32, entry: u32): bool {
  const record = recordOf(field);
  const place = load<u32>(record, placeOffset);
  if (place < mostPlaces) store<u32>(placesStart + (place << 2), entry);
  if (((load<u32>(record, kindsOffset) >> kindOf(entry)) & 1) != 0) return true;
  if (checks == mostChecks) return false;
  const check = checksStart + (checks++ << 3);
  store<u32>(check, entry);
  store<u32>(check, field, 4);
  return true;
}

function recordOf(field: u32): usize {
  return fieldsStart + <usize>field * recordBytes;
}

function slotOf(name: usize, length: u32): u32 {
  const first: u32 = load<u8>(name);
  const middle: u32 = load<u8>(name + (length >> 1));
  const last: u32 = load<u8>(name + length - 1);
  return (length * 31 + first * 7 + middle * 131 + last * 17) & (slots - 1);
}

function areSame(one: usize, other: usize, bytes: u32): bool {
  const head = i8x16.bitmask(i8x16.ne(v128.load(one), v128.load(other)));
  if (bytes <= 16) return (head & ((1 << bytes) - 1)) == 0;
  const tail = i8x16.bitmask(i8x16.ne(v128.load(one, 16), v128.load(other, 16)));
  return head == 0 && (tail & ((1 << (bytes - 16)) - 1)) == 0;
}
