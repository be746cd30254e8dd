import { Chalk } from 'chalk';

/** Characters that move the cursor, reorder text or cannot be seen: control, format, surrogate, line separators. */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/**
 * Makes text of unknown origin fit for one line of a terminal: unsafe characters are shown as `\u{1b}`.
 *
 * @param max longest result in UTF-16 units; a cut is shown by `…`
 */
export function sanitise(text: string, max = Infinity): string {
  let safe = '';
  for (const character of text) {
    const piece = unsafe.test(character) ? `\\u{${character.codePointAt(0)?.toString(16)}}` : character;
    if (safe.length + piece.length > max) return cut(safe, max);
    safe += piece;
  }
  return safe;
}

function cut(text: string, max: number): string {
  return text.length < max
    ? `${text}…`
    : `${text
        .slice(0, max - 1)
        .toWellFormed()
        .replace(/\uFFFD$/, '')}…`;
}

/** Replaces the program's own decoration by ASCII (`--ascii`). User data keeps its characters. */
export function toAscii(text: string): string {
  return text.replaceAll('·', '-').replaceAll('…', '...');
}

/** Meanings, so that the text says what it says without any colour too. */
export interface Paint {
  strong(text: string): string;
  faint(text: string): string;
  good(text: string): string;
  caution(text: string): string;
  bad(text: string): string;
  /** Kinds of spans. */
  agent(text: string): string;
  tool(text: string): string;
  model(text: string): string;
}

export type ColourMode = 'auto' | 'always' | 'never';

/** The part of a `tty.WriteStream` that is used; files and pipes have no `isTTY` and no `columns`. */
export interface TerminalStream {
  write(text: string): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  isTTY?: boolean | undefined;
  columns?: number | undefined;
}

export interface OutputOptions {
  stdout: TerminalStream;
  stderr: TerminalStream;
  env: Readonly<Record<string, string | undefined>>;
  colour: ColourMode;
  ascii: boolean;
}

interface Channel {
  readonly paint: Paint;
  /** True where lines can be repainted. */
  readonly interactive: boolean;
  /** Columns; 100 where unknown, as in a pipe. Read anew each time, since windows are resized. */
  readonly width: number;
  /** True once the reader is gone. */
  readonly closed: boolean;
}

/** The only object that writes to the process's streams. */
export interface Output {
  readonly ascii: boolean;
  readonly stdout: Channel;
  readonly stderr: Channel;
  /** The result. */
  write(text: string): void;
  /** Everything else. */
  writeError(text: string): void;
  /** Shows one line below everything that was written, in place of the last such line; `''` erases it. */
  status(line: string): void;
}

/** A stream whose reader is gone (`| head`) falls silent; the import goes on, and so does the other stream. */
export function createOutput({ stdout, stderr, env, colour, ascii }: OutputOptions): Output {
  const silent = new Set<TerminalStream>();
  let statusShown = false;

  const send = (stream: TerminalStream, text: string): void => {
    if (!silent.has(stream)) stream.write(text);
  };
  const eraseStatus = (): void => {
    if (statusShown) send(stderr, '\r\u001b[2K');
    statusShown = false;
  };
  for (const stream of new Set([stdout, stderr])) {
    stream.on('error', (error) => {
      if (silent.has(stream)) return;
      silent.add(stream);
      const code = 'code' in error ? String(error.code) : error.name;
      if (stream === stdout && code !== 'EPIPE')
        send(stderr, `cannot write the result to stdout (${code})\n`);
    });
  }

  return {
    ascii,
    stdout: channel(stdout, env, colour, silent),
    stderr: channel(stderr, env, colour, silent),
    write(text) {
      eraseStatus();
      send(stdout, text);
    },
    writeError(text) {
      eraseStatus();
      send(stderr, text);
    },
    status(line) {
      eraseStatus();
      if (line === '') return;
      send(stderr, line);
      statusShown = true;
    },
  };
}

/** Columns of a file or a pipe. */
const unknownWidth = 100;

function channel(
  stream: TerminalStream,
  env: OutputOptions['env'],
  colour: ColourMode,
  silent: ReadonlySet<TerminalStream>,
): Channel {
  return {
    paint: createPaint(wantsColour(stream, env, colour)),
    interactive: stream.isTTY === true && env['TERM'] !== 'dumb',
    get width() {
      // A terminal that nobody sized says 0.
      return stream.columns || unknownWidth;
    },
    get closed() {
      return silent.has(stream);
    },
  };
}

/** Flags before environment; a variable that is set to the empty string counts as unset (no-color.org). */
function wantsColour(stream: TerminalStream, env: OutputOptions['env'], colour: ColourMode): boolean {
  if (colour !== 'auto') return colour === 'always';
  const forced = env['FORCE_COLOR'] ?? '';
  if (forced !== '') return forced !== '0' && forced !== 'false';
  return (env['NO_COLOR'] ?? '') === '' && stream.isTTY === true && env['TERM'] !== 'dumb';
}

/** Chalk itself ignores NO_COLOR and looks at one stream only, so its level is set here. */
export function createPaint(colour: boolean): Paint {
  const chalk = new Chalk({ level: colour ? 1 : 0 });
  return {
    strong: (text) => chalk.bold(text),
    faint: (text) => chalk.dim(text),
    good: (text) => chalk.green(text),
    caution: (text) => chalk.yellow(text),
    bad: (text) => chalk.red(text),
    agent: (text) => chalk.blue(text),
    tool: (text) => chalk.magenta(text),
    model: (text) => chalk.cyan(text),
  };
}
