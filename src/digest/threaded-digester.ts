import { Worker } from 'node:worker_threads';
import type { LineRange } from '../input/line-range.js';
import { digestHere, type Digester, type PendingDigest } from './digester.js';
import { RangeDigester, type DigestOptions, type RangeDigest } from './range-digester.js';

/** The module that a worker thread runs. */
const workerModule = new URL('./digest-worker.js', import.meta.url);

/** Rows die young: more room for them costs memory in every thread and saves no time. Megabytes. */
const youngGeneration = 4;

/** Ranges given to a worker at once, so that it need not wait while this thread is at work. */
const queued = 2;

class Task {
  digest: RangeDigest | undefined;
  /** Resolves when the digest is there, or when nobody works at it any more. */
  ended!: Promise<void>;
  end!: () => void;

  constructor(readonly range: LineRange) {
    this.renew();
  }

  renew(): void {
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
  }
}

/**
 * Digests ranges in several threads, the calling one among them: while a digest that it asks for is under way elsewhere,
 * it takes one that nobody has begun. Workers hand over numbers alone. What a worker cannot do, be it that a file is gone
 * or that the thread is, is done again in the calling thread: so an error is the same with any number of threads.
 */
export class ThreadedDigester implements Digester {
  readonly ahead: number;
  /** What each worker has been given, in the order in which it answers. */
  private readonly given = new Map<Worker, Task[]>();
  private readonly waiting: Task[] = [];
  /** What a worker could not do. */
  private readonly failed: Task[] = [];
  private isLost = false;
  /** Of the calling thread. */
  private readonly own: RangeDigester;

  constructor(
    private readonly threads: number,
    private readonly options: DigestOptions,
    private readonly module = workerModule,
  ) {
    this.ahead = queued * threads;
    this.own = new RangeDigester(options);
  }

  begin(range: LineRange): PendingDigest {
    const task = new Task(range);
    this.waiting.push(task);
    this.give();
    return { get: () => this.finish(task) };
  }

  async close(): Promise<void> {
    await Promise.all(Array.from(this.given.keys(), (worker) => worker.terminate()));
  }

  private async finish(task: Task): Promise<RangeDigest> {
    while (task.digest === undefined) {
      const own = this.failed.shift() ?? this.waiting.shift();
      if (own === undefined) await task.ended;
      else {
        own.digest = await digestHere(this.own, own.range);
        own.end();
      }
    }
    return task.digest;
  }

  private give(): void {
    if (this.given.size < this.threads - 1 && !this.isLost) this.start();
    for (const [worker, tasks] of this.given) {
      while (tasks.length < queued) {
        const task = this.waiting.shift();
        if (task === undefined) return;
        tasks.push(task);
        worker.postMessage(task.range, []);
      }
    }
  }

  private start(): void {
    const worker = new Worker(this.module, {
      workerData: this.options,
      resourceLimits: { maxYoungGenerationSizeMb: youngGeneration },
    });
    this.given.set(worker, []);
    worker.on('message', (digest: RangeDigest | undefined) => {
      const task = this.given.get(worker)?.shift();
      if (task === undefined) return;
      task.digest = digest;
      if (digest === undefined) this.takeBack([task]);
      else task.end();
      this.give();
    });
    worker.on('error', () => this.lose(worker));
    worker.on('exit', () => this.lose(worker));
  }

  /** Told twice of each: of its error and of its end. */
  private lose(worker: Worker): void {
    this.isLost = true;
    const tasks = this.given.get(worker) ?? [];
    this.given.delete(worker);
    this.takeBack(tasks);
  }

  private takeBack(tasks: readonly Task[]): void {
    this.failed.push(...tasks);
    for (const task of tasks) {
      const { end } = task;
      task.renew();
      end();
    }
  }
}
