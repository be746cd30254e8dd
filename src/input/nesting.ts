/** Whether a parsed JSON value holds arrays or objects deeper than `maxDepth` levels; `[]` is one level. */
export function isDeeperThan(value: unknown, maxDepth: number): boolean {
  let level = isContainer(value) ? [value] : [];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === maxDepth) return true;
    const below: Container[] = [];
    for (const parent of level) {
      for (const key in parent) {
        const child = parent[key];
        if (isContainer(child)) below.push(child);
      }
    }
    level = below;
  }
  return false;
}

type Container = Record<string, unknown>;

/** An object or an array. */
export function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

/** The same for the bytes of a row, before a hostile one can make the parser build the whole tower. */
export function nestsDeeperThan(bytes: Buffer, maxDepth: number): boolean {
  let depth = 0;
  for (let at = 0; at < bytes.length; at++) {
    switch (bytes[at] ?? 0) {
      case 0x22:
        for (at++; at < bytes.length && bytes[at] !== 0x22; at++) if (bytes[at] === 0x5c) at++;
        break;
      case 0x5b:
      case 0x7b:
        if (++depth > maxDepth) return true;
        break;
      case 0x5d:
      case 0x7d:
        depth--;
        break;
      default:
    }
  }
  return false;
}
