import type { TimeWindow } from '../../trace/time-window.js';
import type { Glyphs } from './glyphs.js';

/**
 * Where something lies in the time of its trace, in so many columns: a bar to half a column exactly, and of one column
 * at least. What has no duration, or tells only one of its times, is an event. Empty where it tells no time.
 */
export function timeBar(
  window: TimeWindow,
  start: number,
  end: number,
  columns: number,
  glyphs: Pick<Glyphs, 'bar' | 'barStart' | 'barEnd' | 'event'>,
): string {
  const from = Number.isNaN(start) ? end : start;
  const to = Number.isNaN(end) ? start : end;
  if (Number.isNaN(from)) return '';
  const whole = window.end - window.start;
  const shareOf = (time: number): number => (whole > 0 ? (time - window.start) / whole : 0);
  if (to <= from) {
    const column = Math.min(columns - 1, Math.floor(shareOf(from) * columns));
    return ' '.repeat(column) + glyphs.event;
  }
  const halves = columns * 2;
  const first = Math.min(halves - 1, Math.floor(shareOf(from) * halves));
  const beyond = Math.max(first + 1, Math.ceil(shareOf(to) * halves));
  let bar = ' '.repeat(first >> 1);
  let half = first;
  if (half % 2 === 1) {
    bar += glyphs.barStart;
    half += 1;
  }
  bar += glyphs.bar.repeat(Math.max(0, beyond - half) >> 1);
  return half < beyond && beyond % 2 === 1 ? bar + glyphs.barEnd : bar;
}
