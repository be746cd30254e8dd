import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findStateFolder } from '../../src/cli/state-folder.js';

describe('the state folder', () => {
  const inHome = path.join(os.homedir(), '.local', 'state', 'respan-import');

  it('is the one that is named, as an absolute path', () => {
    expect(findStateFolder({ stateDir: 'state' }, { XDG_STATE_HOME: '/xdg' })).toBe(path.resolve('state'));
  });

  it('lies in XDG_STATE_HOME, else in the home folder', () => {
    expect(findStateFolder({}, { XDG_STATE_HOME: '/xdg' })).toBe(path.join('/xdg', 'respan-import'));
    expect(findStateFolder({}, {})).toBe(inHome);
  });

  it.each(['', 'relative/state'])('does not lie in an XDG_STATE_HOME of %j', (home) => {
    expect(findStateFolder({}, { XDG_STATE_HOME: home })).toBe(inHome);
  });
});
