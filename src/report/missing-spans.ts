import type { ImportEvent, MissingSpan } from './events.js';
import { safeJson } from './json.js';
import { createRejectFile, createRejectsFolder, type RejectFile } from './reject-file.js';
import { attemptRejects } from './unwritable-rejects.js';

export interface MissingSpans {
  /** Takes `span-missing`, ignores the rest. Throws `rejects_unwritable`. */
  handle(event: ImportEvent): void;
  /** Path of the file; null where no span is missing. */
  file(): string | null;
  /** Completes the file. Throws `rejects_unwritable`. May be called again. */
  close(): void;
}

/** Spans that were held back and that began in lines which follow each other. */
interface Stretch {
  file: string;
  line: number;
  offset: number;
  toLine: number;
  spans: number;
}

/**
 * Names every span that the run planned and that the destination may not hold, in `missing.jsonl` of the directory, in
 * the order in which they would have been sent. A line for a span that was attempted:
 * `{fate, file, line, offset, trace_unique_id, span_unique_id, may_have_arrived}`; `fate` is `failed`, or `uncounted`
 * where the server counted fewer spans than it was sent and did not say which. A line for spans of consecutive lines of
 * an input that were not attempted: `{fate: "held_back", file, line, offset, to_line, spans}`.
 */
export function createMissingSpans(directory: string): MissingSpans {
  let record: RejectFile | undefined;
  let stretch: Stretch | undefined;
  let closed = false;

  const write = (entry: Record<string, unknown>): void => record?.writeText(`${safeJson(entry)}\n`);
  const endStretch = (): void => {
    if (stretch === undefined) return;
    const { file, line, offset, toLine, spans } = stretch;
    write({ fate: 'held_back', file, line, offset, to_line: toLine, spans });
    stretch = undefined;
  };
  const holdBack = ({ place: { input, line, offset } }: MissingSpan): void => {
    if (stretch?.file === input.name && (line === stretch.toLine || line === stretch.toLine + 1)) {
      stretch.toLine = line;
      stretch.spans += 1;
      return;
    }
    endStretch();
    stretch = { file: input.name, line, offset, toLine: line, spans: 1 };
  };

  return {
    handle(event) {
      if (event.kind !== 'span-missing') return;
      attemptRejects(directory, () => {
        if (record === undefined) {
          createRejectsFolder(directory);
          record = createRejectFile(directory, 'missing', 'jsonl');
        }
        const { span } = event;
        if (span.fate === 'held_back') return holdBack(span);
        endStretch();
        const { fate, place, traceId, spanId, mayHaveArrived } = span;
        write({
          fate,
          file: place.input.name,
          line: place.line,
          offset: place.offset,
          trace_unique_id: traceId,
          span_unique_id: spanId,
          may_have_arrived: mayHaveArrived,
        });
      });
    },
    file: () => record?.path ?? null,
    close() {
      if (closed) return;
      closed = true;
      attemptRejects(directory, () => {
        try {
          endStretch();
        } finally {
          record?.close();
        }
      });
    },
  };
}
