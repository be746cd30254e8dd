/**
 * RFC 3339 in UTC, with six digits of a second.
 *
 * @param {number} microseconds Since the epoch.
 */
export function rfc3339(microseconds) {
  const seconds = Math.floor(microseconds / 1e6);
  const fraction = String(microseconds - seconds * 1e6).padStart(6, '0');
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}
