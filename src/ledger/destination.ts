import { createHash } from 'node:crypto';
import path from 'node:path';

/** What tells one destination from another: spans sent to one are not known to be in the other. */
export interface Destination {
  endpoint: string;
  key: string;
  /** Takes the place of the key, where that is a token which changes with every login. */
  account?: string | undefined;
  /** Where one key opens several projects. */
  project?: string | undefined;
  /** `--destination-name`: takes the place of all. */
  name: string | undefined;
}

/** Where all destinations have their folders. */
export function ledgersFolder(stateFolder: string): string {
  return path.join(stateFolder, 'ledger');
}

/** The folder of a destination's ledger. The key enters as a hash, so that two projects on one host are told apart. */
export function ledgerFolder(stateFolder: string, destination: Destination): string {
  const { endpoint, account, key, project } = destination;
  const of = project === undefined ? '' : `\n${project}`;
  const identity = destination.name ?? `${endpoint}\n${sha256(account ?? key)}${of}`;
  const label = destination.name ?? new URL(endpoint).hostname;
  const readable = label.replaceAll(/[^\w.-]+/g, '_').slice(0, 60);
  return path.join(ledgersFolder(stateFolder), `${readable}-${sha256(identity).slice(0, 16)}`);
}

/** Tells keys apart for people, and gives nothing of them away: 8 hex digits of the SHA-256. */
export function keyPrint(key: string): string {
  return sha256(key).slice(0, 8);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
