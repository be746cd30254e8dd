import { closeSync, fsyncSync, openSync } from 'node:fs';

/** A new name is found after a power failure only once its folder is on the disk too. */
export function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Windows and some network file systems cannot.
  }
}
