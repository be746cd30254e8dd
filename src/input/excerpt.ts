/** The start of user data as one line that is safe to print: control and direction characters become `·`. */
export function excerpt(text: string, length = 40): string {
  const characters = Array.from(text.slice(0, length * 2));
  const shown = characters.slice(0, length).join('');
  const cut = text.length > shown.length ? '…' : '';
  return shown.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '·') + cut;
}

/** A size in bytes for people: `32 MiB`, `1.5 KiB`. */
export function binarySize(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const size = bytes / 1024 ** power;
  return `${Number.isInteger(size) ? size : size.toFixed(1)} ${units[power]}`;
}
