import { readFileSync, writeFileSync } from 'node:fs';

// Preloaded with `--import` into every measured process; it reports as the very last thing.
process.once('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const report = {
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
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
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
