import { realpath, stat } from 'node:fs/promises';
import { usageError } from '../errors.js';
import { unreadable } from './byte-reader.js';
import { excerpt } from './excerpt.js';
import { expandGlob, isGlob } from './glob.js';

/** An input that exists, before it is opened. */
export interface NamedInput {
  name: string;
  /** Undefined for stdin. */
  path: string | undefined;
  /** Undefined where the size is not known before the end: stdin, a pipe, a device. */
  bytes: number | undefined;
}

/** Makes one list of inputs from paths, folders, globs and `-`, in the order given; each may be there once. */
export async function resolveNames(names: readonly string[]): Promise<NamedInput[]> {
  const inputs: NamedInput[] = [];
  const seen = new Map<string, string>();
  for (const name of names) {
    for (const input of await resolveName(name)) {
      const identity = input.path === undefined ? '-' : await realpath(input.path);
      const earlier = seen.get(identity);
      if (earlier !== undefined) {
        throw usageError(
          'input_repeated',
          `${excerpt(input.name, 200)} is given twice` +
            (earlier === input.name ? '' : `, before as ${excerpt(earlier, 200)}`),
          'name each input once',
        );
      }
      seen.set(identity, input.name);
      inputs.push(input);
    }
  }
  return inputs;
}

async function resolveName(name: string): Promise<NamedInput[]> {
  if (name === '-') return [{ name, path: undefined, bytes: undefined }];
  const found = await inspect(name);
  if (found === 'folder') {
    const { logsInFolder } = await import('./folder.js');
    return filesOf(await logsInFolder(name));
  }
  if (found !== undefined) return [found];
  if (!isGlob(name)) throw unreadable(name, Object.assign(new Error(name), { code: 'ENOENT' }));
  const paths = await expandGlob(name);
  if (paths.length === 0) {
    throw usageError('no_match', `no file matches ${excerpt(name, 200)}`, 'check the pattern and the folder');
  }
  return filesOf(paths);
}

async function filesOf(paths: readonly string[]): Promise<NamedInput[]> {
  const files = await Promise.all(paths.map(inspect));
  return files.filter((file) => file !== undefined && file !== 'folder');
}

/** Undefined where there is no such file. */
async function inspect(name: string): Promise<NamedInput | 'folder' | undefined> {
  try {
    const found = await stat(name);
    if (found.isDirectory()) return 'folder';
    return { name, path: name, bytes: found.isFile() ? found.size : undefined };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw unreadable(name, error);
  }
}
