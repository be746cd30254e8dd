import { fieldKinds } from '../span/fields.js';
import { durationOf, type NamedDuration } from './durations.js';
import { holderOf } from './holder-names.js';
import { isKnownColumn } from './known-column.js';
import { meaningOf, type Meaning } from './synonyms.js';

/** Meanings that the generic source works out, alone or together with other columns. */
const workedOut = [
  'metadata',
  'attributes',
  'traceId',
  'spanId',
  'parentId',
  'start',
  'end',
  'time',
  'status_code',
  'error',
  'status',
  'success',
  'failed',
  'input',
  'output',
  'system',
  'role',
  'content',
  'prompt_messages',
  'completion_message',
  'session_identifier',
  'thread_identifier',
  'kind',
] as const;

export type WorkedOut = (typeof workedOut)[number];

/** A column by its position in the row. */
interface Duration extends NamedDuration {
  position: number;
}

/** What becomes of the columns of a row, by their positions. It follows from their names alone. */
export interface ColumnPlan {
  /** Columns whose value decides what they become. A `time` that is the start or the end is no longer among them. */
  workedOut: Positions;
  /** The first duration that is no time to the first token. */
  latency: Duration | undefined;
  otherDurations: readonly Duration[];
  /** Columns that hold a field of the contract. */
  fields: readonly { field: string; position: number }[];
  /** Columns without a meaning, and those whose meaning a better one took. */
  rest: readonly number[];
  /** A column but for `metadata` has a known name. */
  recognised: boolean;
  /** By their names, some of the columns may hold rows. */
  mayHoldRows: boolean;
  /** See `SpanDraft`; also of fields that come to nothing. For all rows of the plan, and frozen. */
  sourceNames: Record<string, string>;
}

type Positions = Readonly<Partial<Record<WorkedOut, number | undefined>>>;

/** The plan for a row with these columns. */
export function planColumns(names: readonly string[]): ColumnPlan {
  const byMeaning = new Map<Meaning, { position: number; rank: number }>();
  const durations: Duration[] = [];
  const rest: number[] = [];
  for (const [position, name] of names.entries()) {
    const took = durationOf(name);
    const found = meaningOf(name);
    if (took !== undefined) durations.push({ position, ...took });
    else if (found === undefined) rest.push(position);
    else {
      const before = byMeaning.get(found.meaning);
      const wins = before === undefined || found.rank < before.rank;
      if (before !== undefined) rest.push(wins ? before.position : position);
      if (wins) byMeaning.set(found.meaning, { position, rank: found.rank });
    }
  }
  const latency = durations.find(({ firstToken }) => !firstToken);
  const told = Object.fromEntries(workedOut.map((each) => [each, byMeaning.get(each)?.position]));
  const positions = withTimes(told, latency !== undefined);
  for (const meaning of workedOut) byMeaning.delete(meaning);
  const others = [...byMeaning].map(([field, { position }]) => ({ field, position }));
  const without = others.filter(({ field }) => !fieldKinds.has(field)).map(({ position }) => position);
  const planned = {
    workedOut: positions,
    latency,
    otherDurations: durations.filter((each) => each !== latency),
    fields: others.filter(({ field }) => fieldKinds.has(field)),
    rest: [...without, ...rest],
    recognised: names.some(isKnownColumn),
    mayHoldRows: names.some((name) => holderOf(name) !== undefined),
  };
  return { ...planned, sourceNames: sourceNamesOf(planned, names) };
}

/**
 * A time that is called neither start nor end completes the one that is: beside an end it is the start, beside a
 * start the end. Alone it is the end, because logs are written when a call is over; a latency then gives the start.
 * With a start and a latency the end is known, and the third time is kept in the metadata.
 */
function withTimes(told: Positions, hasLatency: boolean): Positions {
  const { start, end, time } = told;
  if (start === undefined && end !== undefined) return { ...told, start: time, time: undefined };
  const isEnd = end === undefined && (start === undefined || !hasLatency);
  return isEnd ? { ...told, end: time, time: undefined } : told;
}

/** Fields that are called otherwise than what they follow from. */
const fieldOf: Readonly<Partial<Record<WorkedOut, string>>> = { error: 'error_message', kind: 'log_type' };

function sourceNamesOf(
  plan: Omit<ColumnPlan, 'sourceNames'>,
  names: readonly string[],
): Record<string, string> {
  const { latency, otherDurations, fields } = plan;
  const found: [string, number | undefined][] = workedOut.map((meaning) => [
    fieldOf[meaning] ?? meaning,
    plan.workedOut[meaning],
  ]);
  const { session_identifier: session, thread_identifier: thread } = plan.workedOut;
  // A conversation is a session too, where nothing else is.
  found.push(['session_identifier', session ?? thread], ['latency', latency?.position]);
  found.push(['time_to_first_token', otherDurations.find(({ firstToken }) => firstToken)?.position]);
  for (const { field, position } of fields) found.push([field, position]);
  const named = found.flatMap(([field, position]) => {
    const name = position === undefined ? undefined : names[position];
    return name === undefined ? [] : [[field, name]];
  });
  return Object.freeze(Object.fromEntries(named));
}

/** Of rows with more columns than tables have nothing is kept: their names may be data. */
const mostColumns = 1000;
/** Shapes beyond this many are forgotten: rows whose columns are data must not fill the memory. */
const mostShapes = 10_000;
let shapes = 0;

/**
 * The columns of a row up to one of them. The rows of a file have few lists of columns, and most have that of one
 * before: to go from column to column takes a fraction of the time that planning them takes.
 */
class Shape {
  private plan: ColumnPlan | undefined;
  private readonly longer = new Map<string, Shape>();
  private lastName = '';
  private last: Shape | undefined;

  with(name: string): Shape {
    if (this.last !== undefined && name === this.lastName) return this.last;
    let next = this.longer.get(name);
    if (next === undefined) {
      next = new Shape();
      shapes += 1;
      this.longer.set(name, next);
    }
    this.lastName = name;
    this.last = next;
    return next;
  }

  planOf(names: readonly string[]): ColumnPlan {
    return (this.plan ??= planColumns(names));
  }
}

let root = new Shape();

/** `planColumns`, worked out once for all rows with the same columns. */
export function columnPlan(names: readonly string[]): ColumnPlan {
  if (names.length > mostColumns) return planColumns(names);
  if (shapes > mostShapes) {
    root = new Shape();
    shapes = 0;
  }
  let shape = root;
  for (const name of names) shape = shape.with(name);
  return shape.planOf(names);
}
