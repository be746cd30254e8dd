import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * @typedef {object} Job What a contestant is started with.
 * @property {import('../data/inputs.js').Input} input
 * @property {string} url Of the sink.
 * @property {string} folder Empty, and removed afterwards.
 * @property {string | undefined} peers Folder with the packages of the peers.
 *
 * @typedef {object} Contestant
 * @property {string} name
 * @property {string} [beside] Name of the contestant whose speed is 1 in the table; none for the one that others are
 *   compared with.
 * @property {boolean} delivers Every row has to arrive at the sink.
 * @property {URL | ((peers: string) => string)} script For Node. Given the folder of the peers, where it lies there.
 * @property {(job: Job) => string[]} arguments
 * @property {string[]} [packages] That have to lie in the folder of the peers, as `npm install` takes them.
 * @property {string[]} [tools] Programs of the system that it needs.
 * @property {boolean} [mayLose] A peer: it is told what share it delivered, and the benchmark goes on.
 */

/**
 * Why a contestant cannot run here, and how to change that; `undefined` if it can.
 *
 * @param {Contestant} contestant
 * @param {string | undefined} peers Folder with the packages of the peers.
 */
export function missing({ packages = [], tools = [] }, peers) {
  const tool = tools.find((each) => !isInstalled(each));
  if (tool !== undefined) return `${tool} is not installed (e.g. apt-get install ${debianPackage(tool)})`;
  const absent = packages.filter((each) => peers === undefined || !isPackageIn(each, peers));
  if (absent.length === 0) return undefined;
  const names = absent.map((each) => `"${each}"`).join(' ');
  return peers === undefined
    ? `it needs --peers DIR with what npm install --prefix DIR ${names} puts there`
    : `npm install --prefix ${peers} ${names}`;
}

/**
 * What of others takes part, and in which version.
 *
 * @param {readonly Contestant[]} contestants Installed ones.
 * @param {string | undefined} peers
 */
export function versionsOf(contestants, peers) {
  const packages = contestants.flatMap(({ packages = [] }) => packages.map(nameOf));
  const tools = contestants.flatMap(({ tools = [] }) => tools);
  return [
    ...[...new Set(packages)].map((name) => `${name} ${packageVersion(name, peers ?? '')}`),
    ...[...new Set(tools)].map(toolVersion),
  ];
}

/**
 * @param {string} name
 * @param {string} folder
 */
function packageVersion(name, folder) {
  /** @type {{ version: string }} */
  const { version } = JSON.parse(
    readFileSync(path.join(folder, 'node_modules', name, 'package.json'), 'utf8'),
  );
  return version;
}

/** @param {string} tool */
function toolVersion(tool) {
  const output = execFileSync(tool, ['--version'], { encoding: 'utf8' });
  return `${tool} ${/\d+(?:\.\d+)+/.exec(output)?.[0] ?? ''}`.trim();
}

/** @param {string} tool */
function isInstalled(tool) {
  try {
    execFileSync('sh', ['-c', 'command -v "$1"', 'sh', tool], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** @param {string} tool */
function debianPackage(tool) {
  return tool === 'syslog-ng' ? 'syslog-ng-core syslog-ng-mod-http' : tool;
}

/**
 * @param {string} specifier With a version, as npm takes it.
 * @param {string} folder
 */
function isPackageIn(specifier, folder) {
  return existsSync(path.join(folder, 'node_modules', nameOf(specifier), 'package.json'));
}

/** @param {string} specifier */
function nameOf(specifier) {
  return specifier.replace(/(?<=.)@.*$/, '');
}
