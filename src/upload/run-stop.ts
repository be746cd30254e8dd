import { ExitCode, ImportError } from '../errors.js';
import type { Verdict } from '../targets/target.js';

/** Why a run ends before everything was offered. */
export interface StopReason {
  code: string;
  message: string;
  hint: string | undefined;
  exitCode: ExitCode;
}

/** What an answer says that ends the run. */
export function stopReasonOf(verdict: Extract<Verdict, { kind: 'stop' }>): StopReason {
  const { code, reason: message, hint, exit } = verdict;
  return {
    code,
    message,
    hint,
    exitCode: exit === 'credentials' ? ExitCode.credentials : ExitCode.destination,
  };
}

/** The one place that knows whether the run goes on. The first reason counts. */
export class RunStop {
  private readonly controller = new AbortController();
  private first: StopReason | undefined;

  get reason(): StopReason | undefined {
    return this.first;
  }

  get requested(): boolean {
    return this.first !== undefined;
  }

  /** Aborts with the first request: ends every wait. Requests in flight are not affected. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  request(reason: StopReason): void {
    this.first ??= reason;
    this.controller.abort();
  }

  /** Does something whose foreseen errors end the run in an orderly way; a bug passes. */
  guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof ImportError)) throw error;
      this.request(error);
    }
  }

  /** The same for what takes time. */
  async guardAsync(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (!(error instanceof ImportError)) throw error;
      this.request(error);
    }
  }
}
