import { checksumOf } from './checksum';
import { placed } from './fields';
import { hashId } from './ids';
import { checksumStart, factsStart, idsStart, timesStart } from './memory';
import { endOf, escapedText, isNull, kindOf, startOf, text } from './tape';
import { readTime } from './times';

/** Places of the fields that are read: as in `src/digest/native-fields.ts`. */
const traceId: u32 = 0;
const spanId: u32 = 1;
const parentId: u32 = 2;
const startTime: u32 = 3;
const endTime: u32 = 4;
const spanName: u32 = 5;
const workflowName: u32 = 7;
const traceName: u32 = 8;

/** Facts about a row, a bit each: as in `src/digest/row-scanner.ts`. */
const idsAreHashed: u32 = 1;
const isRoot: u32 = 2;
const parentIsTrace: u32 = 4;
const isNamedAsTrace: u32 = 8;
/** So they have to be compared as texts. */
const namesHaveEscapes: u32 = 16;

const traceHash: usize = idsStart;
const spanHash: usize = idsStart + 8;
const parentHash: usize = idsStart + 16;

const traceSeed: u32 = 0;
const spanSeed: u32 = 1;

/**
 * Writes what the row comes to: its start and its end in microseconds since the epoch as 64-bit floats, NaN where it
 * tells none that can be read as it stands; the facts; the hashes of the trace, the span and the parent, each with its
 * low half first; the checksum of its bytes. Ids that `hashId` does not hash have to be read as texts, all three.
 */
export function digestRow(from: usize, end: usize): void {
  store<f64>(timesStart, timeAt(placed(startTime)));
  store<f64>(timesStart, timeAt(placed(endTime)), 8);
  store<u32>(factsStart, digestIds() | digestNames());
  store<u32>(checksumStart, checksumOf(from, end));
}

function digestIds(): u32 {
  const trace = placed(traceId);
  const parent = placed(parentId);
  if (!readId(traceHash, trace, traceSeed)) return 0;
  if (!readId(spanHash, placed(spanId), spanSeed)) return 0;
  if (parent == 0 || kindOf(parent) == isNull) {
    store<u64>(parentHash, 0);
    return idsAreHashed | isRoot;
  }
  if (!readId(parentHash, parent, spanSeed)) return 0;
  return areSame(trace, parent) ? idsAreHashed | parentIsTrace : idsAreHashed;
}

function digestNames(): u32 {
  const name = placed(spanName);
  const workflow = placed(workflowName);
  const trace = placed(traceName);
  if (hasEscapes(name) || hasEscapes(workflow) || hasEscapes(trace)) return namesHaveEscapes;
  return areSame(name, workflow) || areSame(name, trace) ? isNamedAsTrace : 0;
}

function hasEscapes(entry: u32): bool {
  return entry != 0 && kindOf(entry) == escapedText;
}

function readId(target: usize, entry: u32, seed: u32): bool {
  return entry != 0 && kindOf(entry) == text && hashId(target, startOf(entry), endOf(entry), seed);
}

function timeAt(entry: u32): f64 {
  return entry == 0 ? NaN : readTime(startOf(entry), endOf(entry));
}

/** Whether both are texts with the same bytes. */
function areSame(one: u32, other: u32): bool {
  if (one == 0 || other == 0) return false;
  const length = endOf(one) - startOf(one);
  return length == endOf(other) - startOf(other) && memory.compare(startOf(one), startOf(other), length) == 0;
}
