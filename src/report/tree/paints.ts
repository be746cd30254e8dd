import { Kind, kindOfLogType } from '../../span/label.js';
import type { DrawnRow } from '../../tree/drawn-trace.js';
import type { Paint } from '../terminal.js';

export function paintName(row: DrawnRow, text: string, paint: Paint): string {
  if (row.kind === 'missing') return paint.caution(text);
  if (row.kind !== 'span') return paint.faint(text);
  if (row.facts.error !== undefined) return paint.bad(text);
  return row.depth === 0 ? paint.strong(text) : text;
}

/** Colours a text as the kind of the span, where that is told by more than its place in the tree. */
export function paintKind(row: DrawnRow, text: string, paint: Paint): string {
  const kind = row.kind === 'span' ? kindOfLogType(row.facts.logType) : Kind.step;
  switch (kind) {
    case Kind.agent:
      return paint.agent(text);
    case Kind.tool:
      return paint.tool(text);
    case Kind.model:
      return paint.model(text);
    case Kind.step:
      return text;
  }
}

export function paintBar(row: DrawnRow, text: string, paint: Paint): string {
  if (row.kind !== 'span') return paint.faint(text);
  return row.facts.error === undefined ? paintKind(row, text, paint) : paint.bad(text);
}
