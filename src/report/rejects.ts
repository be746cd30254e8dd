import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Problem } from '../input/row.js';
import type { ImportEvent, Place } from './events.js';
import { safeJson } from './json.js';
import { createRejectFile, createRejectsFolder, type RejectFile } from './reject-file.js';
import { RejectedRows } from './rejected-rows.js';
import type { Summary } from './summary.js';
import { attemptRejects } from './unwritable-rejects.js';

export interface Rejects {
  /** Takes `row-rejected`, `span-rejected` and `span-refused`, ignores the rest. Throws `rejects_unwritable`. */
  handle(event: ImportEvent): void;
  /** The files so far; null where nothing was rejected. */
  files(): Summary['rejects'];
  /** Completes the files. Throws `rejects_unwritable`. May be called again. */
  close(): void;
}

/**
 * Writes what could not be imported to a directory that is created with the first of it: `rejects.<format>` holds
 * rows, `spans.jsonl` spans that the server refused and spans of rejected rows that could not be read again, and
 * `reasons.jsonl` a line for each row and each refused span:
 * `{file, line, offset, phase, code, field, message, hint, in_rejects}`. `phase` is `plan` for rows and `upload` for
 * spans; `in_rejects` is false for a row that was too large to be held, which is in no other file.
 */
export function createRejects(directory: string): Rejects {
  let rows: RejectedRows | undefined;
  let spans: RejectFile | undefined;
  let reasons: RejectFile | undefined;
  let closed = false;

  const explain = (phase: 'plan' | 'upload', place: Place, problem: Problem, inRejects: boolean): void => {
    const { code, field = null, message, hint } = problem;
    const { input, line, offset } = place;
    const reason = {
      file: input.name,
      line,
      offset,
      phase,
      code,
      field,
      message,
      hint,
      in_rejects: inRejects,
    };
    reasons ??= createRejectFile(directory, 'reasons', 'jsonl');
    reasons.writeText(`${safeJson(reason)}\n`);
  };

  return {
    handle(event) {
      // A full disk must show before anything is sent.
      if (event.kind === 'planned') {
        attemptRejects(directory, () => {
          rows?.flush();
          spans?.flush();
          reasons?.flush();
        });
      }
      if (!isRejection(event)) return;
      attemptRejects(directory, () => {
        if (reasons === undefined && spans === undefined) {
          createRejectsFolder(directory);
        }
        if (event.kind !== 'row-rejected') {
          spans ??= createRejectFile(directory, 'spans', 'jsonl');
          spans.write(oneLine(event.body));
          spans.writeText('\n');
          if (event.kind === 'span-refused') explain('upload', event.place, event.problem, true);
          return;
        }
        const { place, bytes, problem } = event;
        const whole = bytes !== undefined && problem.code !== 'row_too_large' && bytes.length > 0;
        if (whole) {
          rows ??= new RejectedRows(directory);
          rows.write(place.input, bytes);
        }
        explain('plan', place, problem, whole || bytes === undefined);
      });
    },
    files: () =>
      reasons === undefined
        ? null
        : { directory, rows: rows?.paths ?? [], spans: spans?.path ?? null, reasons: reasons.path },
    close() {
      if (closed) return;
      closed = true;
      attemptRejects(directory, () => {
        // One file that cannot be completed must not cost the others their last lines.
        try {
          rows?.close();
        } finally {
          try {
            spans?.close();
          } finally {
            reasons?.close();
          }
        }
      });
    },
  };
}

type Rejection = Extract<ImportEvent, { kind: 'row-rejected' | 'span-rejected' | 'span-refused' }>;

function isRejection(event: ImportEvent): event is Rejection {
  return event.kind === 'row-rejected' || event.kind === 'span-rejected' || event.kind === 'span-refused';
}

/** `<parent>/2026-11-20T10-31-07` in UTC, or the same with `-2`, `-3`, … where that exists. */
export function runDirectory(parent: string, now: Date): string {
  const stamp = path.join(parent, now.toISOString().slice(0, 19).replaceAll(':', '-'));
  let candidate = stamp;
  for (let number = 2; existsSync(candidate); number += 1) candidate = `${stamp}-${number}`;
  return candidate;
}

/** Line ends between the tokens of a pretty-printed span become spaces; inside JSON strings there are none. */
function oneLine(json: Buffer): Buffer {
  if (!json.includes(0x0a) && !json.includes(0x0d)) return json;
  return Buffer.from(json.map((byte) => (byte === 0x0a || byte === 0x0d ? 0x20 : byte)));
}
