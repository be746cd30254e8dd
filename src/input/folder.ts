import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { usageError } from '../errors.js';
import { unreadable } from './byte-reader.js';
import { excerpt } from './excerpt.js';

const logName = /\.(?:jsonl|ndjson|json|csv|tsv|log|txt)(?:\.(?:gz|br|zst))?$/i;

/**
 * The files in a folder and below whose names look like logs, sorted. What begins with a dot is left out. Links to folders
 * are not followed; links to files are, unless the file is there itself, as with a link to the latest log.
 *
 * @throws ImportError `no_match` where there is none, `input_unreadable` where a folder cannot be listed
 */
export async function logsInFolder(folder: string): Promise<string[]> {
  const found: Found = { files: [], links: [] };
  await walk(folder, found);
  const { files } = found;
  if (found.links.length > 0) {
    const known = new Set(await Promise.all(files.map((file) => realpath(file))));
    for (const link of found.links.sort()) {
      const target = await targetOf(link);
      if (target === undefined || known.has(target)) continue;
      known.add(target);
      files.push(link);
    }
  }
  if (files.length > 0) return files.sort();
  throw usageError(
    'no_match',
    `${excerpt(folder, 200)} holds no file that looks like a log`,
    'files named .jsonl, .ndjson, .json, .csv, .tsv, .log or .txt (and .gz, .br or .zst of them) are read; name others one by one',
  );
}

interface Found {
  files: string[];
  links: string[];
}

async function walk(folder: string, found: Found): Promise<void> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw unreadable(folder, error);
  }
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await walk(path, found);
    else if (!logName.test(entry.name)) continue;
    else if (entry.isSymbolicLink()) found.links.push(path);
    // A pipe or a device would be waited for, perhaps for ever.
    else if (entry.isFile()) found.files.push(path);
  }
}

/** The file behind a link; undefined where there is none. */
async function targetOf(link: string): Promise<string | undefined> {
  try {
    const target = await realpath(link);
    return (await stat(target)).isDirectory() ? undefined : target;
  } catch {
    return undefined;
  }
}
