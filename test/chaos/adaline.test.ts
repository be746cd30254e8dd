import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import type { Random } from '../../bench/random.js';
import type { Summary } from '../../src/report/summary.js';
import { adalineGateway, type Gateway, type Interference } from '../support/adaline-gateway.js';
import { start, temporaryFolder } from '../support/command.js';
import { jsonLines, nativeRows } from '../support/native-rows.js';
import { reset, resetBeforeBody, status } from '../support/scripted-server.js';
import { chance, long, seed } from './form.js';

const kills = long ? 15 : 4;
const spans = long ? 600 : 480;
/** A root and eleven children each. */
const spansPerTrace = 12;
const timeout = 900_000;
/** Far more than any campaign needs. */
const mostRuns = 400;

const env = { ADALINE_API_KEY: 'test-key', ADALINE_PROJECT_ID: 'project-of-the-chaos' };

interface Ended {
  code: number | null;
  killed: boolean;
  summary: Summary | undefined;
  stderr: string;
}

/** Rows in an order in which most traces are sent before all of their rows are in the file. */
const rows = nativeRows(spans, spansPerTrace).map((row) => ({ ...row, output: 'x'.repeat(400) }));

class Campaign {
  private readonly cwd = temporaryFolder();
  private readonly file = path.join(this.cwd, 'spans.jsonl');
  private given = spans / 4;

  constructor(
    private readonly gateway: Gateway,
    private readonly random: Random,
  ) {
    mkdirSync(path.join(this.cwd, 'tmp'));
  }

  get isComplete(): boolean {
    return this.given === spans;
  }

  /** Now and then a run finds more rows than the one before. */
  grow(): void {
    this.given = Math.min(spans, this.given + this.random.integer(1, Math.ceil((1.5 * spans) / kills)));
  }

  /** Kills the program as its `strike`th request comes, before or after that is stored. */
  async run(strike: number | undefined): Promise<Ended> {
    writeFileSync(this.file, jsonLines(rows.slice(0, this.given)));
    const { random, gateway } = this;
    const flags =
      `--target adaline --base-url ${gateway.url} --json --no-progress --verify --retry-for 20s ` +
      `--rate-limit 100000/s --batch-bytes ${random.pick(['6kB', '20kB', '1MB'])} --concurrency ${random.pick(['1', '4'])}`;
    const { child, finished } = start([this.file, ...flags.split(' ')], {
      cwd: this.cwd,
      env: { ...env, TMPDIR: path.join(this.cwd, 'tmp') },
    });
    let requests = 0;
    const isStored = this.random.chance(0.5);
    this.gateway.interfere((request, passes) => {
      requests += 1;
      if (requests !== strike)
        return strike === undefined || requests < strike ? this.fault()(request, passes) : reset();
      child.kill('SIGKILL');
      return isStored ? passes.butAnswers(reset()) : reset();
    });
    const { code, stdout, stderr } = await finished;
    return {
      code,
      killed: child.signalCode === 'SIGKILL',
      summary: stdout === '' ? undefined : JSON.parse(stdout),
      stderr,
    };
  }

  private fault(): Interference {
    if (!this.random.chance(0.04)) return () => undefined;
    return this.random.pick<Interference>([
      () =>
        status(429, { error: { code: 'RATE_LIMIT_EXCEEDED', message: 'later' } }, { 'retry-after': '0.01' }),
      () => status(503, '', { 'retry-after': '0.01' }),
      (_request, passes) => passes.butAnswers(reset()),
      (_request, passes) => passes.butAnswers(status(504, '', { 'retry-after': '0.01' })),
      () => resetBeforeBody(),
    ]);
  }
}

test(
  `an import into Adaline that grows and is killed ${kills} times stores every span once (seed ${seed})`,
  { timeout },
  async ({ annotate }) => {
    const gateway = await adalineGateway();
    onTestFinished(() => gateway.close());
    const random = chance(7);
    const campaign = new Campaign(gateway, random);
    let killed = 0;
    let runs = 0;
    for (;;) {
      runs += 1;
      const strike = killed < kills ? random.integer(1, 30) : undefined;
      const run = await campaign.run(strike);
      if (run.killed) killed += 1;
      const { balanced } = run.summary ?? {};
      const isHonest = run.killed || (balanced?.rows === true && balanced.spans);
      if (!isHonest || gateway.sandbox.adaline.totals().repeated > 0 || runs > mostRuns)
        throw new Error(`run ${runs} of ${killed} killed ones is wrong: ${run.stderr}`);
      if (run.code === 0 && campaign.isComplete && killed >= kills) break;
      if (run.code === 0 || random.chance(0.5)) campaign.grow();
    }
    await annotate(`${runs} runs, ${killed} kills`);
    const last = await campaign.run(undefined);
    expect(last).toMatchObject({ code: 0, summary: { spans: { planned: spans, already_imported: spans } } });
    const traces = spans / spansPerTrace;
    expect(last.summary?.verification).toMatchObject({ traces, complete: traces });
    expect(gateway.sandbox.adaline.totals()).toEqual({ traces, spans, repeated: 0 });
  },
);
