/**
 * A record of CSV (RFC 4180), without its line end: `null` is an empty cell, an object its JSON.
 *
 * @param {readonly unknown[]} cells
 */
export function csvRecord(cells) {
  return cells.map(cellOf).join(',');
}

/** @param {unknown} value */
function cellOf(value) {
  if (value === null) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
