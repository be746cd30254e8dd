import { readFileSync, writeFileSync } from 'node:fs';

/** Of the clock that /proc/PID/stat counts in; 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

// Preloaded with `--import` into every measured process; it reports as the very last thing.
process.once('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const report = {
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    childCpuSeconds: childCpuSeconds(),
    peakBytes: highWaterMark() ?? maxRSS * 1024,
  };
  const file = process.env['BENCH_USAGE_FILE'];
  if (file !== undefined) writeFileSync(file, JSON.stringify(report));
});

/**
 * Peak of the resident set in bytes, where the system has /proc. `maxRSS` would be at least that of the process which
 * started this one: Linux carries it across exec.
 */
function highWaterMark() {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(read('/proc/self/status'))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** User and system time of the processes that this one started and waited for, and of theirs; 0 without /proc. */
function childCpuSeconds() {
  const stat = read('/proc/self/stat');
  // The name of the program stands in parentheses and may hold anything; cutime and cstime are fields 16 and 17.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13] ?? 0) + Number(fields[14] ?? 0)) / ticksPerSecond;
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
