import type { ExitCode } from '../errors.js';
import type { ParentCounts } from '../trace/lint.js';

/** Counts by stable code. */
export type Counts = Record<string, number>;

/**
 * The result of a run. `--json` prints it as it is; `schema/report.schema.json` documents it. Counts are of rows or
 * spans, sizes in bytes, times in seconds unless a name says otherwise.
 */
export interface Summary {
  /** Version of this document's shape. */
  version: 1;
  mode: 'import' | 'dry-run';
  /** Name of the destination. */
  target: string;
  inputs: InputSummary[];
  /** `read = used + skipped + rejected`. */
  rows: {
    read: number;
    used: number;
    skipped: number;
    rejected: number;
    /** Passed over by `--skip`; not among the rows read. */
    passed_over: number;
    /** Used rows that became part of a span that another row began. */
    merged: number;
    /** Used rows that repeat a span that is already planned. */
    duplicate: number;
    /** Used rows that contradict an earlier row of the same span; the later one won. */
    conflicting: number;
    /** Decompressed. */
    bytes: number;
    skipped_by_reason: Counts;
    rejected_by_code: Counts;
  };
  /** `planned = ingested + unconfirmed + already_imported + refused + failed + held_back` once uploaded. */
  spans: {
    planned: number;
    ingested: number;
    unconfirmed: number;
    already_imported: number;
    refused: number;
    failed: number;
    held_back: number;
    /** Of the spans offered: known to the ledger with other content, and sent again. */
    changed: number;
    /** Offered again because an answer was lost; the server may have seen them twice. */
    possibly_repeated: number;
  };
  traces: number;
  /** Spans and traces that are other than the rows alone say. */
  regrouped: {
    /** Spans without a trace id that joined the trace of the parent that they name. */
    joined: number;
    /** Traces that `--trace-gap` began after a pause. */
    begun: number;
  };
  parents: ParentCounts;
  /** The ambiguous parents, by the number of candidates. */
  ambiguous_parents: Counts;
  /** RFC 3339; null where no span tells a time. */
  time_range: { from: string; to: string } | null;
  /** What flags did to every span, by the values that repeat it; null where no flag did. */
  rewritten: {
    /** The seed of the ids. */
    remap_ids: string | null;
    /** RFC 3339. */
    shift_time_to: string | null;
    /** The name of the run. */
    provenance: string | null;
  } | null;
  warnings: Counts;
  /** Of no effect on the exit code, under `--strict` neither. */
  notes: Counts;
  /** Warnings reject rows and spans, and any that is left makes the import incomplete. */
  strict: boolean;
  /** What an upload costs: planned in a dry run, measured in an import. */
  upload: {
    endpoint: string | null;
    requests: number;
    /** Of the bodies, uncompressed. */
    bytes: number;
    /** The same as they were sent, with `--gzip`; in a dry run by a sample. Null where they go as they are. */
    wire_bytes: number | null;
    seconds: number;
    retries: number;
  };
  /** As the server reports them; absent in a dry run. */
  ingested_spans: number | null;
  created_traces: number | null;
  errors: { count: number; messages: string[] } | null;
  /** What was read back at the end; null where it was not asked for, or where the run stopped before. */
  verification: {
    /** Traces of which spans should be there, and those of them that hold each of these once. */
    traces: number;
    complete: number;
    missing_spans: number;
    surplus_spans: number;
    /** Traces of which the destination told nothing. */
    unanswered: number;
    /** The first 100 traces that differ. */
    differences: { trace_id: string; expected: number; found: number }[];
  } | null;
  rejects: { directory: string; rows: string[]; spans: string | null; reasons: string } | null;
  /** File that names the failed and the held-back spans; null where there are none, or where nothing was to be sent. */
  missing: string | null;
  /** Set when the run stopped before its end. */
  stopped: { code: string; message: string; hint: string | null } | null;
  seconds: { plan: number; upload: number };
  balanced: { rows: boolean; spans: boolean };
  exit_code: ExitCode;
}

export interface InputSummary {
  name: string;
  format: string;
  compression: string;
  source: string | null;
  rows: number;
}
