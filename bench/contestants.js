const program = new URL('../bin/respan-import.js', import.meta.url);
const floorRead = new URL('./floor-read.js', import.meta.url);
const floorPost = new URL('./floor-post.js', import.meta.url);
const quietly = ['--json', '--quiet'];

/**
 * @typedef {object} Contestant
 * @property {string} name
 * @property {string} floor Name of the contestant that it is compared with; a floor is compared with itself.
 * @property {boolean} delivers Every row has to arrive at the sink.
 * @property {URL} script
 * @property {(file: string, url: string, folder: string) => string[]} arguments
 */

/** @type {Contestant} */
export const readFloor = {
  name: 'floor 1: read, split, parse',
  floor: 'floor 1: read, split, parse',
  delivers: false,
  script: floorRead,
  arguments: (file) => [file],
};

/** @type {Contestant} */
export const postFloor = {
  name: 'floor 2: floor 1 + POST',
  floor: 'floor 2: floor 1 + POST',
  delivers: true,
  script: floorPost,
  arguments: (file, url) => [file, url],
};

/** @type {Contestant} */
export const dryRun = {
  name: 'respan-import --dry-run',
  floor: readFloor.name,
  delivers: false,
  script: program,
  arguments: (file, _url, folder) => [file, '--dry-run', '--state-dir', folder, ...quietly],
};

/** @type {Contestant} */
export const fullImport = {
  name: 'respan-import',
  floor: postFloor.name,
  delivers: true,
  script: program,
  arguments: (file, url, folder) => [file, '--base-url', url, '--state-dir', folder, ...quietly],
};

export const contestants = [readFloor, dryRun, postFloor, fullImport];

/**
 * Rows that a contestant says it read.
 *
 * @param {string} output
 */
export function rowsRead(output) {
  /** @type {{ rows: number | { read: number } }} */
  const { rows } = JSON.parse(output);
  return typeof rows === 'number' ? rows : rows.read;
}
