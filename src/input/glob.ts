import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const globCharacter = /[*?[]/;

export function isGlob(name: string): boolean {
  return globCharacter.test(name);
}

/**
 * Files whose path fits a pattern of `*`, `?`, `[a-z]`, `[!a-z]` and `**`, sorted. As in a shell, a leading dot must
 * be written out, and folders are no match. Links to folders are not followed below `**`.
 */
export async function expandGlob(pattern: string): Promise<string[]> {
  const parts = pattern.split('/').filter((part, index) => part !== '' || index === 0);
  const absolute = parts[0] === '';
  const found = new Set<string>();
  await walk(absolute ? '/' : '', absolute ? parts.slice(1) : parts, found);
  return [...found].sort();
}

async function walk(folder: string, parts: readonly string[], found: Set<string>): Promise<void> {
  const [part, ...rest] = parts;
  if (part === undefined) return;
  if (part === '**') {
    await walk(folder, rest.length === 0 ? ['*'] : rest, found);
    for (const entry of await list(folder)) {
      if (entry.isDirectory() && !entry.name.startsWith('.'))
        await walk(join(folder, entry.name), parts, found);
    }
    return;
  }
  if (!isGlob(part) && rest.length > 0) {
    await walk(part === '.' && folder === '' ? '.' : join(folder, part), rest, found);
    return;
  }
  const fits = patternOf(part);
  for (const entry of await list(folder)) {
    if (!fits.test(entry.name) || (entry.name.startsWith('.') && !part.startsWith('.'))) continue;
    const path = join(folder, entry.name);
    if (rest.length > 0) {
      if (entry.isDirectory() || entry.isSymbolicLink()) await walk(path, rest, found);
    } else if (!entry.isDirectory() && !(entry.isSymbolicLink() && (await isFolderLink(path)))) {
      found.add(path);
    }
  }
}

/** A folder that cannot be listed matches nothing, as in a shell. */
async function list(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder === '' ? '.' : folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

async function isFolderLink(path: string): Promise<boolean> {
  try {
    await readdir(path);
    return true;
  } catch {
    return false;
  }
}

function patternOf(part: string): RegExp {
  const source = part.replace(
    /\[([!^]?)([^\]]+)\]|[*?]|[\\^$.+()[\]{}|]/g,
    (found, negated?: string, set?: string) => {
      if (set !== undefined) return `[${negated ? '^' : ''}${set.replace(/[\\[\]^]/g, String.raw`\$&`)}]`;
      if (found === '*') return '.*';
      return found === '?' ? '.' : `\\${found}`;
    },
  );
  try {
    return new RegExp(`^${source}$`, 'su');
  } catch {
    // A set such as [z-a] holds nothing.
    return /(?!)/;
  }
}
