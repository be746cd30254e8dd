import { readFileSync } from 'node:fs';

const everyMilliseconds = 20;

/**
 * Watches what a process starts: their resident memory, added up, at its highest. It is sampled, so that a peak shorter
 * than 20 ms can be missed; 0 without /proc.
 *
 * @param {number} pid
 * @returns {() => number} Ends the watch and gives the peak in bytes.
 */
export function watchChildren(pid) {
  let peak = 0;
  const timer = setInterval(() => {
    const sum = descendants(pid).reduce((bytes, each) => bytes + residentBytes(each), 0);
    peak = Math.max(peak, sum);
  }, everyMilliseconds);
  return () => {
    clearInterval(timer);
    return peak;
  };
}

/**
 * @param {number} pid
 * @returns {number[]}
 */
function descendants(pid) {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

/** @param {number} pid */
function residentBytes(pid) {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // It ended meanwhile.
    return '';
  }
}
