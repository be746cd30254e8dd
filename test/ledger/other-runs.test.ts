import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';

import { describe, expect, onTestFinished, test } from 'vitest';

import { systemClock, type Clock } from '../../src/clock.js';
import { compareClaim } from '../../src/ledger/claim.js';
import { LedgerFiles } from '../../src/ledger/ledger-files.js';
import { decisionsBefore } from '../../src/ledger/other-runs.js';
import { exclusively } from '../../src/ledger/exclusively.js';
import { surveyDestination } from '../../src/ledger/survey.js';
import { temporaryFolder, TestClock } from '../upload/import-job.js';
import { begin, done, indexOf, recall, remember } from './factories.js';

const contended = { code: 'already_running', exitCode: 5 };

describe('two runs at a time', () => {
  test('of the same spans: the second is refused, and told who is at it', async () => {
    const folder = temporaryFolder();
    const first = await begin(folder, 'first', indexOf({ a: 1, b: 1 }));
    const second = begin(folder, 'second', indexOf({ b: 1, c: 1 }));
    await expect(second).rejects.toMatchObject({
      ...contended,
      message: expect.stringMatching(
        new RegExp(`first.*process ${process.pid} on ${os.hostname()}, since 20`),
      ),
    });
    first.append(indexOf({ a: 1, b: 1 }), [0, 1], []);
    first.close(done);
    const index = indexOf({ b: 1, c: 1 });
    const third = await begin(folder, 'third', index);
    expect(index.isImported(0)).toBe(true);
    third.close(done);
  });

  test('of other spans go on side by side', async () => {
    const folder = temporaryFolder();
    const [one, other] = [indexOf({ a: 1 }), indexOf({ b: 1 })];
    const first = await begin(folder, 'first', one);
    const second = await begin(folder, 'second', other);
    first.append(one, [0], []);
    second.append(other, [0], []);
    second.close(done);
    first.close(done);
    expect(await recall(folder, indexOf({ a: 1, b: 1 }))).toEqual(['same', 'same']);
  });

  test('a span that both have is no matter where the second would not send it', async () => {
    const folder = temporaryFolder();
    await remember(folder, 'before', indexOf({ a: 1 }));
    const first = await begin(folder, 'first', indexOf({ a: 1, b: 1 }));
    const second = begin(folder, 'second', indexOf({ a: 1, c: 1 }));
    await expect(second).resolves.toBeDefined();
    for (const ledger of [first, await second]) ledger.close(done);
  });

  test('many that begin at once: one of them begins', async () => {
    const folder = temporaryFolder();
    const names = ['a', 'b', 'c', 'd', 'e'];
    const outcomes = await Promise.allSettled(names.map((name) => begin(folder, name, indexOf({ same: 1 }))));
    const begun = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    expect(begun).toHaveLength(1);
    for (const { value } of begun) value.close(done);
    const reasons: unknown[] = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason] : [],
    );
    expect(reasons).toEqual(names.slice(1).map(() => expect.objectContaining(contended)));
  });
});

/** A process that does nothing, and dies with the test. */
async function otherProcess(): Promise<{ pid: number; kill: () => Promise<void> }> {
  const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1000)']);
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  onTestFinished(kill);
  await once(child.stdout, 'data');
  return { pid: child.pid!, kill };
}

/** The owner's file of an unfinished run, changed as the test wants it. */
async function ownedBy(folder: string, change: (owner: Record<string, unknown>) => object): Promise<string> {
  const ledger = await begin(folder, 'first', indexOf({ a: 1 }), { decided: { remapSeed: 'seed' } });
  const file = path.join(folder, '00000001-first.owner');
  const owner = change(JSON.parse(readFileSync(file, 'utf8')));
  ledger.close({ ...done, isComplete: false });
  writeFileSync(file, JSON.stringify(owner));
  return file;
}

/** Makes an owner one of another machine. */
const elsewhere = (owner: Record<string, unknown>): object => ({
  ...owner,
  host: 'another-host',
  system: 'another boot',
});

/** Names and states of the runs that the ledger knows. */
const states = async (folder: string): Promise<string[]> =>
  (await surveyDestination(folder, () => Promise.resolve(false))).runs.map(
    ({ facts, state }) => `${facts.name} ${state}`,
  );

/** A run of two spans that delivers one of them. */
async function stopped(): Promise<string> {
  const folder = temporaryFolder();
  const ledger = await begin(folder, 'first', indexOf({ a: 1, b: 1 }), { decided: { remapSeed: 'seed' } });
  ledger.append(indexOf({ a: 1, b: 1 }), [0], []);
  ledger.close({ ...done, isComplete: false });
  return folder;
}

describe('a run that did not finish', () => {
  test('is gone on with by one that has all of its spans, and stays unfinished beside any other', async () => {
    const folder = await stopped();
    expect(await states(folder)).toEqual(['first unfinished']);
    await remember(folder, 'part', indexOf({ b: 2, c: 1 }));
    expect(await states(folder)).toEqual(['first unfinished', 'part finished']);
    await remember(folder, 'whole', indexOf({ a: 1, b: 1, d: 1 }));
    expect(await states(folder)).toEqual(['first continued', 'part finished', 'whole finished']);
  });

  test('is not taken for finished where the next one delivers nothing', async () => {
    const folder = await stopped();
    const second = await begin(folder, 'second', indexOf({ a: 1, b: 1 }));
    second.close({ ...done, isComplete: false });
    expect(await states(folder)).toEqual(['first continued', 'second unfinished']);
  });

  test('is found by a claim that was cut at any byte, and what is left of it does no harm', async () => {
    const folder = await stopped();
    const claim = path.join(folder, '00000001-first.claim');
    const whole = readFileSync(claim);
    const files = new LedgerFiles(folder);
    for (let length = 0; length <= whole.length; length++) {
      writeFileSync(claim, whole.subarray(0, length));
      const index = indexOf({ b: 1 });
      const keys = Math.max(0, Math.floor((length - (whole.length - 2 * 8)) / 8));
      const { shared, foreign } = compareClaim(claim, index);
      expect(shared + foreign).toBe(keys);
      const { remapSeed = 'none' } = decisionsBefore(files, index);
      // The second key is that of `b`.
      expect(remapSeed).toBe(keys === 2 ? 'seed' : 'none');
    }
  });

  test('of which all was delivered before a kill is finished by the next one, which has nothing to send', async () => {
    const folder = await stopped();
    const claim = path.join(folder, '00000001-first.claim');
    const bytes = readFileSync(claim);
    await remember(folder, 'second', indexOf({ a: 1, b: 1 }));
    writeFileSync(claim, bytes);
    expect(await states(folder)).toEqual(['first unfinished', 'second finished']);
    (await begin(folder, 'third', indexOf({ a: 1, b: 1 }))).close(done);
    expect((await states(folder))[0]).not.toContain('unfinished');
  });
});

describe('an owner', () => {
  test.skipIf(process.platform !== 'linux')('that lives is told from one that was killed', async () => {
    const folder = temporaryFolder();
    const { pid, kill } = await otherProcess();
    const begun = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[19];
    await ownedBy(folder, (owner) => ({ ...owner, pid, begun }));
    await expect(begin(folder, 'second', indexOf({ a: 1 }))).rejects.toMatchObject(contended);
    await kill();
    const ledger = await begin(folder, 'third', indexOf({ a: 1 }));
    ledger.close(done);
  });

  test.skipIf(process.platform !== 'linux')('whose number another process has by now is dead', async () => {
    const folder = temporaryFolder();
    const { pid } = await otherProcess();
    await ownedBy(folder, (owner) => ({ ...owner, pid, begun: '1' }));
    (await begin(folder, 'second', indexOf({ a: 1 }))).close(done);
    expect(readdirSync(folder).filter((name) => name.endsWith('.owner'))).toEqual([]);
  });

  test('on another machine lives as long as it touches its file', async () => {
    const folder = temporaryFolder();
    const file = await ownedBy(folder, elsewhere);
    const beating = new TouchingClock(file);
    await expect(begin(folder, 'second', indexOf({ a: 1 }), {}, beating)).rejects.toMatchObject(contended);
  });

  test('of another boot, that touches its file no more, is dead: its run is gone on with', async () => {
    const folder = temporaryFolder();
    await ownedBy(folder, elsewhere);
    const clock = new TestClock();
    (await begin(folder, 'second', indexOf({ a: 1 }), {}, clock)).close(done);
    // It was watched for some time.
    expect(clock.slept.length).toBeGreaterThan(10);
  });

  test('whose file was not touched for a day is dead without watching', async () => {
    const folder = temporaryFolder();
    const clock = new TestClock();
    const file = await ownedBy(folder, elsewhere);
    utimesSync(file, clock.time / 1000 - 86_400, clock.time / 1000 - 86_400);
    (await begin(folder, 'second', indexOf({ a: 1 }), {}, clock)).close(done);
    expect(clock.slept).toEqual([]);
  });

  test.each(['', '{"pid":', '[]'])(
    'that is not to be read (%j) is dead if nothing happens',
    async (content) => {
      const folder = temporaryFolder();
      const file = await ownedBy(folder, elsewhere);
      writeFileSync(file, content);
      const clock = new TestClock();
      (await begin(folder, 'second', indexOf({ a: 1 }), {}, clock)).close(done);
      expect(clock.slept.length).toBeGreaterThan(10);
    },
  );
});

/** While time passes, somebody touches the file. */
class TouchingClock extends TestClock implements Clock {
  constructor(private readonly file: string) {
    super();
  }

  override async sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    await super.sleep(milliseconds, signal);
    utimesSync(this.file, this.time / 1000, this.time / 1000);
  }
}

describe('turns', () => {
  const never = new AbortController().signal;

  test('are taken one at a time, however many wait', async () => {
    const folder = temporaryFolder();
    let inside = 0;
    const taken: number[] = [];
    await Promise.all(
      Array.from({ length: 8 }, (_, number) =>
        exclusively(folder, systemClock, never, async () => {
          inside += 1;
          expect(inside).toBe(1);
          for (let pause = 0; pause < 5; pause++) await setImmediate();
          inside -= 1;
          taken.push(number);
        }),
      ),
    );
    expect(taken).toHaveLength(8);
    expect(readdirSync(folder)).toEqual(['8.turn']);
  });

  test('that a killed process had are taken over, by one of those that wait', async () => {
    const folder = temporaryFolder();
    const { pid, kill } = await otherProcess();
    await kill();
    await exclusively(folder, systemClock, never, async () => {
      const file = path.join(folder, '1.turn');
      const owner: object = JSON.parse(readFileSync(file, 'utf8'));
      writeFileSync(path.join(folder, '7.turn'), JSON.stringify({ ...owner, pid }));
      await setImmediate();
    });
    let inside = 0;
    await Promise.all(
      [1, 2, 3].map(() =>
        exclusively(folder, systemClock, never, async () => {
          inside += 1;
          expect(inside).toBe(1);
          await setImmediate();
          inside -= 1;
        }),
      ),
    );
    expect(readdirSync(folder)).toEqual(['10.turn']);
  });

  test('end with what was done in them, also where it failed', async () => {
    const folder = temporaryFolder();
    const failing = exclusively(folder, systemClock, never, () => Promise.reject(new Error('mine')));
    await expect(failing).rejects.toThrow('mine');
    expect(await exclusively(folder, systemClock, never, () => Promise.resolve('next'))).toBe('next');
  });

  test('are not waited for once the run is interrupted', async () => {
    const folder = temporaryFolder();
    const interrupt = new AbortController();
    await exclusively(folder, systemClock, never, async () => {
      const waiting = exclusively(folder, systemClock, interrupt.signal, () => Promise.resolve());
      interrupt.abort();
      await expect(waiting).rejects.toMatchObject({ code: 'interrupted', exitCode: 130 });
    });
  });
});
