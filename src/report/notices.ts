import type { Problem } from '../input/row.js';
import type { ImportEvent, Place } from './events.js';
import { formatCount, formatThings } from './figures.js';
import { detectionLines, type Detection } from './detections.js';
import { sanitise, toAscii, type Output } from './terminal.js';
import { describeWait } from './waits.js';

/** `quiet`: rejections, refusals and the server's errors only. `verbose`: every single case, and waits. */
export type Verbosity = 'quiet' | 'normal' | 'verbose';

interface NoticesOptions {
  output: Output;
  verbosity: Verbosity;
}

export interface Notices {
  handle(event: ImportEvent): void;
  /** Says how many more there were of everything that was cut short. */
  finish(): void;
}

const shownPerCode = 5;
const longestMessage = 300;

/** The lines above the result: what was detected, and the first cases of everything that went wrong. */
export function createNotices({ output, verbosity }: NoticesOptions): Notices {
  const { paint } = output.stderr;
  const cases = new Map<string, number>();
  let sending = false;
  let detections: Detection[] = [];
  /** Once so many inputs are detected, their lines can be grouped and shown. */
  let inputs = 1;

  const say = (...lines: string[]): void => {
    const text = lines.map((line) => `${line}\n`).join('');
    output.writeError(output.ascii ? toAscii(text) : text);
  };
  const sayDetections = (): void => {
    if (verbosity !== 'quiet' && detections.length > 0) {
      say(...detectionLines(detections));
    }
    detections = [];
  };
  const sayRest = (): void => {
    for (const [code, seen] of cases) {
      if (seen > shownPerCode && verbosity !== 'verbose') {
        say(paint.faint(`${code}: ${formatCount(seen - shownPerCode)} more`));
      }
    }
    cases.clear();
  };
  const sayCase = (code: string, lines: () => string[]): void => {
    const seen = (cases.get(code) ?? 0) + 1;
    cases.set(code, seen);
    if (seen > shownPerCode && verbosity !== 'verbose') return;
    sayDetections();
    say(...lines());
  };
  const sayProblem = (place: Place, problem: Problem): void =>
    sayCase(problem.code, () => [
      `${location(place)}  ${paint.bad(problem.code)}  ${describe(problem)}`,
      `${' '.repeat(location(place).length + 2)}${paint.faint(sanitise(problem.hint, longestMessage))}`,
    ]);

  return {
    handle(event) {
      switch (event.kind) {
        case 'inputs-opened':
          inputs = event.inputs;
          return;
        case 'source-detected':
          detections.push(event);
          if (detections.length >= inputs) sayDetections();
          return;
        case 'row-rejected':
        case 'span-refused':
          return sayProblem(event.place, event.problem);
        case 'warning': {
          const { warning, place } = event;
          if (verbosity === 'quiet') return;
          const start = place ? `${location(place)}  ` : '';
          return sayCase(warning.code, () => [
            `${start}${paint.caution(warning.code)}  ${describe(warning)}`,
          ]);
        }
        case 'note': {
          if (verbosity !== 'verbose') return;
          const start = event.place ? `${location(event.place)}  ` : '';
          return sayCase(event.note.code, () => [
            `${start}${paint.faint(event.note.code)}  ${describe(event.note)}`,
          ]);
        }
        case 'server-error':
          return sayCase('server_error', () => [
            `${paint.bad('server_error')}  ${sanitise(event.message, longestMessage)}`,
          ]);
        case 'planned':
          sayDetections();
          return sayRest();
        case 'waiting':
          if (verbosity !== 'verbose') return;
          return say(describeWait(event, longestMessage));
        case 'interrupted':
          if (!sending) return say('stopping: nothing was sent');
          return say(
            `stopping: waiting up to ${formatThings(event.drainSeconds, 'second')} for the requests in flight; ` +
              'Ctrl-C again stops at once',
          );
        case 'upload-started':
          sending = true;
          return;
        case 'rows-read':
        case 'spans-checked':
        case 'span-rejected':
        case 'span-missing':
        case 'batch-started':
        case 'batch-settled':
        case 'traces-drawn':
          return;
      }
    },
    finish() {
      sayDetections();
      sayRest();
    },
  };
}

function location({ input, line }: Place): string {
  return `${sanitise(input.name)}:${line}`;
}

/** The message, led by the field's name where it does not name the field itself. */
function describe({ message, field }: { message: string; field?: string }): string {
  const named = field === undefined || message.includes(field) ? message : `${field}: ${message}`;
  return sanitise(named, longestMessage);
}
