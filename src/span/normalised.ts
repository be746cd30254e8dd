import type { Problem, Warning } from '../input/row.js';
import type { TraceOrigin } from './span.js';
import type { SpanBuilder } from './span-builder.js';
import { isObject, shown, wellFormed } from './text.js';
import type { NormaliseOptions } from './options.js';

/** A valid span whose ids may still be missing. */
export interface NormalisedSpan {
  traceId: string | undefined;
  /** `named` where left out, but `own` without a trace id. */
  traceOrigin?: Exclude<TraceOrigin, 'named'>;
  spanId: string | undefined;
  /** Undefined for a root. */
  parentId: string | undefined;
  /** Name and kind, and what the row says of its parent: see `labelOf`. */
  label: number;
  /** The parent follows from a path that the row names: see `SpanDraft`. */
  parentByPath?: boolean;
  /** Microseconds since the epoch; NaN where the row tells none. */
  start: number;
  end: number;
  /** `row`: the row's own bytes are the span. Otherwise its fields, without the three ids (but a null parent stays). */
  body: 'row' | Record<string, unknown>;
  /** The row tells no time: `--base-time` gave both. */
  baseTimed?: boolean;
  /** See `SpanDraft`. */
  grows?: boolean;
  /** The fields from which missing ids follow, where privacy rules made the body differ from them. */
  identity?: Record<string, unknown>;
}

export type Normalised =
  { kind: 'span'; span: NormalisedSpan; warnings: readonly Warning[] } | { kind: 'reject'; problem: Problem };

export function reject(problem: Problem): Normalised {
  return { kind: 'reject', problem };
}

export function badId(name: string, reason: string): Normalised {
  const hint = 'write ids as strings';
  return reject({ code: 'bad_id', message: `${shown(name)}: ${reason}`, hint, field: name });
}

/** A span, or under `--strict` the rejection of one that has warnings. */
export function accept(span: NormalisedSpan, warnings: readonly Warning[], strict: boolean): Normalised {
  const [first] = warnings;
  return strict && first !== undefined ? reject(problemOf(first)) : { kind: 'span', span, warnings };
}

/** What a warning about a row is under `--strict`. */
export function problemOf({ code, message, field, hint: way }: Warning): Problem {
  const hint = `mend the row${way === undefined ? '' : `, ${way}`}, or import without --strict to accept it with a warning`;
  return { code, message, hint, ...(field === undefined ? {} : { field }) };
}

/** Applies `--set`: it wins over the row. */
export function applySet(builder: SpanBuilder, options: NormaliseOptions): void {
  for (const { field, value } of options.set) {
    builder.changed = true;
    // Times were read with the row's own, so that they can be compared.
    if (field === 'start_time' || field === 'timestamp') continue;
    if (field.startsWith('metadata.')) builder.metadata[field.slice('metadata.'.length)] = value;
    else if (field === 'metadata') Object.assign(builder.metadata, value);
    else builder.fields[field] = value;
  }
}

/** Replaces lone surrogates, which no UTF-8 can carry, by U+FFFD. */
export function repairSurrogates(
  body: Record<string, unknown>,
  warnings: Warning[],
): Record<string, unknown> {
  const repaired = wellFormed(body);
  if (repaired === body || !isObject(repaired)) return body;
  warnings.push({
    code: 'lone_surrogate',
    message: 'half a character (a lone surrogate) was replaced by U+FFFD',
  });
  return repaired;
}
