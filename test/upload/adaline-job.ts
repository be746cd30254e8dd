import { onTestFinished } from 'vitest';

import { adaline } from '../../src/targets/adaline.js';
import type { AdalineOptions } from '../../src/targets/adaline/request.js';
import type { Target } from '../../src/targets/target.js';
import { traceLimits } from '../../src/upload/batch-limits.js';
import { adalineGateway, type Gateway, type Interference } from '../support/adaline-gateway.js';
import { ImportJob, row, type Outcome, type Row } from './import-job.js';

export const project = 'project-of-these-tests';

export function target(options: Partial<AdalineOptions> = {}): Target {
  return adaline(project, {
    onOversize: 'reject',
    runEvaluation: false,
    events: false,
    promptId: undefined,
    deploymentId: undefined,
    ...options,
  });
}

type RunOptions = NonNullable<Parameters<ImportJob['run']>[0]>;

/** An import into an Adaline sandbox behind a line that can fail. */
export interface AdalineJob {
  gateway: Gateway;
  job: ImportJob;
  run: (overrides?: RunOptions) => Promise<Outcome>;
}

export async function adalineJob(
  rows: readonly Row[],
  interference?: Interference,
  errors?: 'object' | 'text',
): Promise<AdalineJob> {
  const gateway = await adalineGateway(interference, errors);
  onTestFinished(() => gateway.close());
  const job = new ImportJob(gateway.url, rows);
  const usual = { target: target(), limits: traceLimits({}, [], 30_000_000) };
  return { gateway, job, run: (overrides) => job.run({ ...usual, ...overrides }) };
}

/** A trace of a root and `children` spans below it, a second apart. */
export function traceRows(traceId: string, children: number, overrides: Row = {}): Row[] {
  const start = Date.UTC(2025, 5, 5, 10);
  const at = (seconds: number): string => new Date(start + seconds * 1000).toISOString();
  const root = row(`${traceId}-root`, {
    trace_unique_id: traceId,
    span_parent_id: null,
    start_time: at(0),
    timestamp: at(children + 1),
  });
  return [
    root,
    ...Array.from({ length: children }, (_, position) =>
      row(`${traceId}-${position + 1}`, {
        trace_unique_id: traceId,
        span_parent_id: `${traceId}-root`,
        start_time: at(position),
        timestamp: at(position + 1),
        ...overrides,
      }),
    ),
  ];
}
