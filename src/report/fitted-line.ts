import { cellsOf, cutToCells } from './cells.js';
import { toAscii } from './terminal.js';

/** A part of a line. Where space is short, parts of the highest number go first; those of 0 stay. */
export interface LinePart {
  text: string;
  expendable: number;
}

/** The parts with dots between them, in at most `width` columns. The first one is the label. */
export function fitted(parts: readonly LinePart[], ascii: boolean, width: number): string {
  let shown = [...parts];
  for (;;) {
    const [label, ...rest] = shown.map(({ text }) => text);
    const whole = `${label}  ${rest.join(' · ')}`;
    const line = ascii ? toAscii(whole) : whole;
    if (cellsOf(line) <= width) return line;
    const first = Math.max(...shown.map(({ expendable }) => expendable));
    if (first === 0) return cutToCells(line, width, '');
    shown = shown.filter(({ expendable }) => expendable < first);
  }
}
