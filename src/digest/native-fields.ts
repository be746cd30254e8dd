import { fieldRules, type FieldRule } from '../span/accept.js';
import { Kind, type ScannedField } from './row-scanner.js';

/** Places of the fields that a plan reads: as in `assembly/digest.ts`. */
export const Place = {
  traceId: 0,
  spanId: 1,
  parentId: 2,
  start: 3,
  end: 4,
  name: 5,
  logType: 6,
  workflow: 7,
  traceName: 8,
} as const;

const places: ReadonlyMap<string, number> = new Map([
  ['trace_unique_id', Place.traceId],
  ['span_unique_id', Place.spanId],
  ['span_parent_id', Place.parentId],
  ['start_time', Place.start],
  ['timestamp', Place.end],
  ['span_name', Place.name],
  ['log_type', Place.logType],
  ['span_workflow_name', Place.workflow],
  ['trace_name', Place.traceName],
]);

export interface NativeField extends ScannedField {
  rule: FieldRule;
}

/** The fields of the ingest contract. */
export const nativeFields: readonly NativeField[] = Array.from(fieldRules, ([name, rule]) => {
  const place = places.get(name);
  return { name, rule, place, unseen: kindsUnseen(rule, place) };
});

function kindsUnseen(rule: FieldRule, place: number | undefined): number[] {
  return [
    ...(rule.anyShortString ? [Kind.text] : []),
    ...(rule.anyString ? [Kind.escapedText, Kind.longText] : []),
    ...(rule.anyCount ? [Kind.count] : []),
    ...(rule.anyDecimal ? [Kind.decimal] : []),
    ...(rule.anyObject ? [Kind.object] : []),
    ...(rule.anyArray ? [Kind.array] : []),
    ...(rule.accepts(true) ? [Kind.true] : []),
    ...(rule.accepts(false) ? [Kind.false] : []),
    // A root may say that it has no parent.
    ...(rule.accepts(null) || place === Place.parentId ? [Kind.null] : []),
  ];
}
