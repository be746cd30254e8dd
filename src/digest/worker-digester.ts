import { Worker } from 'node:worker_threads';
import type { LineRange } from '../input/line-range.js';
import { digestRange, type DigestOptions, type RangeDigest } from './digest-range.js';
import type { Digester } from './digester.js';

/** The module that a worker thread runs. */
const workerModule = new URL('./digest-worker.js', import.meta.url);

/** Rows die young: more room for them costs memory in every thread and saves no time. Megabytes. */
const youngGeneration = 4;

interface Task {
  range: LineRange;
  /** Without a digest where the worker failed. */
  settle(digest: RangeDigest | undefined): void;
}

/**
 * Digests ranges in worker threads, which hand over numbers alone. What a worker cannot do, be it that a file is gone or
 * that the thread is, is done again in the calling thread: so an error is the same with any number of workers.
 */
export class WorkerDigester implements Digester {
  readonly ahead: number;
  private readonly workers = new Set<Worker>();
  private readonly idle: Worker[] = [];
  private readonly running = new Map<Worker, Task>();
  private readonly waiting: Task[] = [];
  private isLost = false;

  constructor(
    private readonly count: number,
    private readonly options: DigestOptions,
    private readonly module = workerModule,
  ) {
    // One more for each worker than it works at, so that none waits for what this thread does meanwhile.
    this.ahead = 2 * count;
  }

  async digest(range: LineRange): Promise<RangeDigest> {
    const digest = await new Promise<RangeDigest | undefined>((settle) => {
      this.waiting.push({ range, settle });
      this.assign();
    });
    return digest ?? digestRange(range, this.options);
  }

  async close(): Promise<void> {
    await Promise.all(Array.from(this.workers, (worker) => worker.terminate()));
  }

  private start(): Worker {
    const worker = new Worker(this.module, {
      workerData: this.options,
      resourceLimits: { maxYoungGenerationSizeMb: youngGeneration },
    });
    this.workers.add(worker);
    worker.on('message', (digest: RangeDigest | undefined) => {
      this.idle.push(worker);
      this.settle(worker, digest);
    });
    worker.on('error', () => this.lose(worker));
    worker.on('exit', () => this.lose(worker));
    return worker;
  }

  /** A thread that has failed once is not trusted to start again. */
  private assign(): void {
    while (this.waiting.length > 0) {
      const mayStart = !this.isLost && this.workers.size < this.count;
      const worker = this.idle.shift() ?? (mayStart ? this.start() : undefined);
      if (worker === undefined && this.workers.size > 0) return;
      const task = this.waiting.shift()!;
      if (worker === undefined) task.settle(undefined);
      else {
        this.running.set(worker, task);
        worker.postMessage(task.range, []);
      }
    }
  }

  private settle(worker: Worker, digest: RangeDigest | undefined): void {
    const task = this.running.get(worker);
    this.running.delete(worker);
    this.assign();
    task?.settle(digest);
  }

  /** Told twice of each: of its error and of its end. */
  private lose(worker: Worker): void {
    this.isLost = true;
    this.workers.delete(worker);
    const position = this.idle.indexOf(worker);
    if (position !== -1) this.idle.splice(position, 1);
    this.settle(worker, undefined);
  }
}
