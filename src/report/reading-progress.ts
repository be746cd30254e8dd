import { formatBytes, formatCount, formatRate, formatShare, formatThings } from './figures.js';
import type { LinePart } from './fitted-line.js';

/** How far the plan is. */
export interface Reading {
  rows: number;
  bytes: number;
  /** Undefined where it cannot be known before the end, as in a pipe. */
  totalBytes: number | undefined;
}

/** How far the rules of the destination are with what was read. */
export interface Checking {
  spans: number;
  totalSpans: number;
}

export function checkParts({ spans, totalSpans }: Checking): LinePart[] {
  return [
    { text: 'checking', expendable: 0 },
    {
      text: `${formatCount(spans)} of ${formatThings(totalSpans, 'span')} (${formatShare(spans, totalSpans)})`,
      expendable: 0,
    },
  ];
}

export function readParts({ rows, bytes, totalBytes }: Reading, seconds: number): LinePart[] {
  const things = { text: formatThings(rows, 'row'), expendable: 0 };
  // All was read: what takes time now are the trees.
  if (totalBytes !== undefined && bytes >= totalBytes) {
    return [{ text: 'checking', expendable: 0 }, things, { text: formatBytes(bytes), expendable: 1 }];
  }
  const size =
    totalBytes === undefined
      ? formatBytes(bytes)
      : `${formatBytes(bytes)} of ${formatBytes(totalBytes)} (${formatShare(bytes, totalBytes)})`;
  const rate = formatRate(bytes, seconds);
  return [
    { text: 'reading', expendable: 0 },
    things,
    { text: size, expendable: 1 },
    ...(rate === undefined ? [] : [{ text: rate, expendable: 2 }]),
  ];
}
