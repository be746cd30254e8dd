import { usageError } from '../errors.js';
import { readId } from '../span/ids.js';
import { noSpan, type TraceIndex } from '../trace/trace-index.js';
import { membersByTrace } from '../trace/members-by-trace.js';

/** Shorter beginnings of ids say nothing. */
const shortestBeginning = 4;
/** Ids that a message names. */
const namedInMessage = 3;

interface FindFrom {
  index: TraceIndex;
  /** The id of the trace that a span is in. */
  traceIdOf(span: number): string;
}

/**
 * The spans of the trace with this id, in any spelling that rows may use, or of the only one whose id begins so. Throws
 * `no_such_trace` or `ambiguous_trace` with what comes nearest. Needs an index that is not sealed.
 */
export function findTrace(from: FindFrom, wanted: string): Uint32Array {
  const { index } = from;
  const read = readId(wanted);
  const id = 'reason' in read ? wanted : (read.id ?? wanted);
  for (const spelling of new Set([wanted, id, id.toLowerCase()])) {
    const trace = index.findTrace(spelling);
    const found = trace < 0 ? undefined : membersOf(index, trace);
    if (found !== undefined) return found;
  }
  return findByBeginning(from, id.toLowerCase(), wanted);
}

function membersOf(index: TraceIndex, trace: number): Uint32Array | undefined {
  const members: number[] = [];
  for (let span = 0; span < index.mentioned; span++) {
    if (index.isDefined(span) && index.traceOf(span) === trace) members.push(span);
  }
  return members.length === 0 ? undefined : Uint32Array.from(members);
}

/** Ids are not in the plan, so a span of every trace is read. */
function findByBeginning(from: FindFrom, beginning: string, wanted: string): Uint32Array {
  const { index } = from;
  const fits: { id: string; members: Uint32Array }[] = [];
  const others: string[] = [];
  let holder: string | undefined;
  let traces = 0;
  let fitting = 0;
  for (const members of membersByTrace(index)) {
    traces += 1;
    const [first = noSpan] = members;
    const id = from.traceIdOf(first);
    if (beginning.length >= shortestBeginning && id.toLowerCase().startsWith(beginning)) {
      fitting += 1;
      if (fits.length <= namedInMessage) fits.push({ id, members });
    } else if (others.length < namedInMessage) others.push(id);
    if (index.findSpan(index.traceOf(first), wanted) >= 0) holder ??= id;
  }
  const [found] = fits;
  if (found !== undefined && fitting === 1) return found.members;
  if (found !== undefined) {
    const named = fits.slice(0, namedInMessage).map(({ id }) => id);
    throw usageError(
      'ambiguous_trace',
      `--trace ${wanted}: the ids of ${fitting} traces begin so`,
      `say more of it: ${listed(named, fitting)}`,
    );
  }
  throw usageError(
    'no_such_trace',
    `--trace ${wanted}: ${howMany(traces)}`,
    hintFor(others, traces, beginning, holder),
  );
}

function howMany(traces: number): string {
  if (traces === 0) return 'the input holds no trace';
  return traces === 1 ? 'the only trace has another id' : `none of ${traces} traces has this id`;
}

function hintFor(
  others: readonly string[],
  traces: number,
  beginning: string,
  holder: string | undefined,
): string | undefined {
  if (traces === 0) return 'a dry run (respan-import FILE --dry-run) tells what became of its rows';
  if (holder !== undefined) return `it is the id of a span: say --trace ${holder}`;
  const short =
    beginning.length < shortestBeginning
      ? `a beginning of an id takes ${shortestBeginning} characters; `
      : '';
  return `${short}the input holds ${listed(others, traces)}`;
}

function listed(ids: readonly string[], all: number): string {
  const rest = all - ids.length;
  return rest > 0 ? `${ids.join(', ')} and ${rest} more` : ids.join(', ');
}
