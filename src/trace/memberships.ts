import type { TraceOrigin } from '../span/span.js';
import { byteColumn, integerColumn } from './column.js';

const origins: readonly TraceOrigin[] = ['named', 'grouped', 'own'];

/**
 * The trace that each span is in, and how it came there. A span may move to another trace once all rows are read; the
 * trace of its key stays, since the ledger knows the span by that. Takes memory for moves and origins only once one
 * differs from the usual.
 */
export class Memberships {
  private readonly traces = integerColumn();
  /** The number of the trace + 1; 0 for a span that did not move. */
  private readonly moves = integerColumn();
  private readonly origins = byteColumn();
  private anyMove = false;

  begin(span: number, trace: number): void {
    this.traces.set(span, trace);
  }

  /** The trace that is part of the span's key. */
  keyTraceOf(span: number): number {
    return this.traces.get(span);
  }

  traceOf(span: number): number {
    const moved = this.moves.get(span);
    return moved === 0 ? this.traces.get(span) : moved - 1;
  }

  /**
   * Puts a span into another trace than the one of its key, by which the index and the ledger go on knowing it. The
   * span's bytes name the old trace until they are written anew.
   */
  move(span: number, trace: number): void {
    this.anyMove = true;
    const isBack = trace === this.traces.get(span);
    if (!isBack || this.moves.get(span) !== 0) this.moves.set(span, isBack ? 0 : trace + 1);
  }

  /** False where no span ever moved. */
  get hasMoves(): boolean {
    return this.anyMove;
  }

  isMoved(span: number): boolean {
    return this.moves.get(span) !== 0;
  }

  originOf(span: number): TraceOrigin {
    return origins[this.origins.get(span)]!;
  }

  setOrigin(span: number, origin: TraceOrigin): void {
    const code = origins.indexOf(origin);
    if (code !== this.origins.get(span)) this.origins.set(span, code);
  }
}
