import type { Run } from './chaos-import.js';

/** What happened in one campaign or in several. */
export class Tally {
  runs = 0;
  kills = 0;
  /** Kills before the server had received a body of the run. */
  killsBeforeUpload = 0;
  interrupts = 0;
  /** Requests that got anything but an acknowledgement that arrives. */
  faults = 0;
  /** Spans that arrived again. */
  repeats = 0;
  /** Spans that were in flight when a run was ended abruptly: the most that may arrive again for that reason. */
  inFlight = 0;

  add(run: Run): void {
    this.runs += 1;
    this.inFlight += run.open.reduce((sum, { keys }) => sum + keys.length, 0);
    if (run.signal === 'SIGKILL') {
      this.kills += 1;
      if (run.bodies.length === 0) this.killsBeforeUpload += 1;
    } else if (run.code !== 0) {
      this.interrupts += 1;
    }
  }

  /** One line for the log. */
  toString(): string {
    return (
      `${this.runs} runs, ${this.kills} killed (${this.killsBeforeUpload} before a body arrived), ` +
      `${this.interrupts} interrupted, ${this.faults} faults; ` +
      `${this.repeats} spans arrived twice, ${this.inFlight} were in flight when a run was cut off`
    );
  }
}
