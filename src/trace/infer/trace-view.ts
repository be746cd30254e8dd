import { namesParent } from '../../span/label.js';
import { noSpan, type TraceIndex } from '../trace-index.js';

const second = 1_000_000;

/**
 * The spans of one trace that tell a time, in the order in which they would be opened if one thread had run them all:
 * by start, of equal starts the longer first, of equal intervals in the order of their rows. A *position* is a place in
 * this order. Everything about time is in microseconds since the epoch.
 */
export interface TraceView {
  size: number;
  /** Numbers of the spans in the index, which grow in the order of the rows. */
  spans: Uint32Array;
  starts: Float64Array;
  /** Not before the start: a span without an end, or with one before its start, ends where it starts. */
  ends: Float64Array;
  labels: Uint32Array;
  /** 1 where the parent is to be found; 0 where the row says something about it. */
  open: Uint8Array;
  /** 1 for a span that does not tell both a start and an end: it is nobody's parent. */
  events: Uint8Array;
  /** All times are whole seconds: a span of no length may have taken one. */
  wholeSeconds: boolean;
}

/** Spans without any time are left out: nothing can be said about them. A span with only an end starts there. */
export function viewTrace(index: TraceIndex, members: Uint32Array): TraceView {
  const timed = members.filter((span) => !Number.isNaN(index.timeOf(span)));
  const starts = Float64Array.from(timed, (span) => index.timeOf(span));
  const ends = Float64Array.from(timed, (span, place) => {
    const end = index.endOf(span);
    return end >= starts[place]! ? end : starts[place]!;
  });
  const order = Uint32Array.from(timed.keys()).sort(
    (one, other) => starts[one]! - starts[other]! || ends[other]! - ends[one]! || one - other,
  );
  const size = timed.length;
  const view: TraceView = {
    size,
    spans: new Uint32Array(size),
    starts: new Float64Array(size),
    ends: new Float64Array(size),
    labels: new Uint32Array(size),
    open: new Uint8Array(size),
    events: new Uint8Array(size),
    wholeSeconds: true,
  };
  for (let position = 0; position < size; position++) {
    const place = order[position]!;
    const span = timed[place]!;
    const label = index.labelOf(span);
    view.spans[position] = span;
    view.starts[position] = starts[place]!;
    view.ends[position] = ends[place]!;
    view.labels[position] = label;
    const isWhole = !Number.isNaN(index.startOf(span)) && !Number.isNaN(index.endOf(span));
    view.events[position] = isWhole ? 0 : 1;
    view.open[position] = index.parentOf(span) === noSpan && !namesParent(label) ? 1 : 0;
    if (starts[place]! % second !== 0 || ends[place]! % second !== 0) view.wholeSeconds = false;
  }
  return view;
}

export function durationOf(view: TraceView, position: number): number {
  return view.ends[position]! - view.starts[position]!;
}

/** True where two spans start and end at the same instants. */
export function haveEqualTimes(view: TraceView, one: number, other: number): boolean {
  return view.starts[one] === view.starts[other] && view.ends[one] === view.ends[other];
}

/** True where the first encloses the second, be it that they are equal. */
export function encloses(view: TraceView, outer: number, inner: number): boolean {
  return view.starts[outer]! <= view.starts[inner]! && view.ends[outer]! >= view.ends[inner]!;
}
