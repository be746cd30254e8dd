/** Numbers as people read them. The machine-readable ones are in the JSON report. */

/** `1912400` → `1,912,400`. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `(1, 'row')` → `1 row`, `(2, 'batch', 'batches')` → `2 batches`. */
export function formatThings(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

const units = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Bytes in powers of 1000: `1_600_000` → `1.6 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // 999.95 would be shown as 1000.0.
  while (value >= (unit === 0 ? 1000 : 999.95) && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** Seconds: `0.9 s`, `2 min 5 s`, `1 h 10 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${formatCount(Math.floor(minutes / 60))} h ${minutes % 60} min`;
}

/** Time that is still to come, rounded up: `12 s`, `2 min 5 s`. */
export function formatWait(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 60 ? `${whole} s` : formatSeconds(whole);
}

/** A span's duration in microseconds, with three digits where it is short: `412 µs`, `8.21 ms`, `1.94 s`. */
export function formatDuration(micros: number): string {
  if (micros === 0) return '0 s';
  if (micros < 1000) return `${micros} µs`;
  // 999.6 ms and 59.96 s would be shown as 1000 ms and 60.0 s.
  if (micros < 999_500) return `${threeDigits(micros / 1000)} ms`;
  if (micros < 59_950_000) return `${threeDigits(micros / 1_000_000)} s`;
  return formatSeconds(micros / 1_000_000);
}

function threeDigits(value: number): string {
  return value >= 99.95 ? value.toFixed(0) : value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}

/** Bytes per second; nothing where no time has passed. */
export function formatRate(bytes: number, seconds: number): string | undefined {
  return seconds > 0 ? `${formatBytes(bytes / seconds)}/s` : undefined;
}

/** `(1, 3)` → `33 %`, rounded down: 100 % means all. */
export function formatShare(part: number, whole: number): string {
  return `${whole > 0 ? Math.min(100, Math.floor((part / whole) * 100)) : 100} %`;
}
