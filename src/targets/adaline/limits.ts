/**
 * The limits of Adaline's logs API. Lengths of ids and names are counted in UTF-16 units, which is never less than in
 * characters; sizes are bytes of JSON as UTF-8, with the megabyte of a million, the smaller of both readings.
 */
export const limits = {
  /** `referenceId` and `sessionId`. */
  idLength: 128,
  /** Documented for the filter by name; of names that are sent nothing is said. */
  nameLength: 256,
  /** `model` and `provider` of a content. */
  modelLength: 512,
  /** A span's content. */
  contentBytes: 1_000_000,
  /** A whole request may have 32 MB; a span shares its request with the trace and the project. */
  spanBytes: 30_000_000,
} as const;
