import { hashOfTraceId } from '../trace/hash.js';
import { IdTable } from '../trace/id-table.js';

const keptMessages = 20;

/** What the server said over the whole run: its counts, its errors, the traces that it named. */
export class ServerWords {
  private readonly traces = new IdTable();
  private readonly hash = { low: 0, high: 0 };
  private readonly firstMessages: string[] = [];
  private messageCount = 0;

  /** @param namesTraces the destination names every trace that it creates, so that none named is none created */
  constructor(private namesTraces = false) {}

  hear(traceIds: readonly string[], errors: readonly string[]): void {
    for (const traceId of traceIds) {
      this.namesTraces = true;
      hashOfTraceId(this.hash, traceId);
      this.traces.intern(this.hash);
    }
    for (const error of errors) this.hearError(error);
  }

  hearError(message: string): void {
    this.messageCount += 1;
    if (this.firstMessages.length < keptMessages) this.firstMessages.push(message);
  }

  /** Distinct traces in all answers: adding their counts up would count a trace that was cut twice. */
  get createdTraces(): number | undefined {
    return this.namesTraces ? this.traces.size : undefined;
  }

  get errors(): { count: number; messages: string[] } {
    return { count: this.messageCount, messages: [...this.firstMessages] };
  }
}
