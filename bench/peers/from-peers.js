import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * A module of a package that is no dependency of the project but lies in the folder that the benchmark was given.
 *
 * @param {string} specifier
 */
export function fromPeers(specifier) {
  const resolve = createRequire(path.join(process.env['BENCH_PEERS'] ?? '', 'package.json')).resolve;
  return import(pathToFileURL(resolve(specifier)).href);
}
