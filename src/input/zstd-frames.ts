/** Part of a frame, or of what a decoder skips, up to `end`; `complete` where it ends there. */
export interface ZstdPart {
  kind: 'frame' | 'skipped' | 'broken';
  end: number;
  complete: boolean;
}

const frameMagic = 0xfd2fb528;
/** The last four bits of a skippable frame's magic number are free. */
const skippableMagic = 0x184d2a5;
const checksumBytes = 4;

type Step = 'magic' | 'descriptor' | 'header' | 'block header' | 'block' | 'checksum' | 'skip size' | 'skip';

/**
 * Finds where zstd frames end by their headers alone (RFC 8878, sections 3.1.1 and 3.1.2), in pieces of any size.
 */
export class ZstdFrameScanner {
  private step: Step = 'magic';
  /** Bytes that the step still needs, and the little-endian number that they are. */
  private needed = 4;
  private number = 0;
  private read = 0;
  private hasChecksum = false;
  private isLastBlock = false;

  /** True within a frame, so that an end there is a truncation. */
  get inFrame(): boolean {
    return this.step !== 'magic' || this.read > 0;
  }

  /** True within the bytes that tell a frame from what is skipped. */
  get inMagic(): boolean {
    return this.step === 'magic' && this.read > 0;
  }

  /** Looks at the bytes from `at`; the part may go on in the next piece. */
  scan(piece: Buffer, from: number): ZstdPart {
    let at = from;
    let isSkipped = this.step === 'skip size' || this.step === 'skip';
    while (at < piece.length) {
      const count = Math.min(this.needed - this.read, piece.length - at);
      if (this.countsAsNumber()) {
        for (let byte = 0; byte < count; byte++) {
          this.number += (piece[at + byte] ?? 0) * 2 ** (8 * (this.read + byte));
        }
      }
      at += count;
      this.read += count;
      while (this.read === this.needed) {
        const next = this.finishStep();
        if (next === 'broken') return { kind: 'broken', end: at, complete: true };
        isSkipped ||= this.step === 'skip size';
        if (next === 'complete') return { kind: isSkipped ? 'skipped' : 'frame', end: at, complete: true };
      }
    }
    return { kind: isSkipped ? 'skipped' : 'frame', end: at, complete: false };
  }

  private countsAsNumber(): boolean {
    return this.needed <= 4 && this.step !== 'block' && this.step !== 'skip';
  }

  private finishStep(): 'go on' | 'complete' | 'broken' {
    const number = this.number;
    switch (this.step) {
      case 'magic':
        if (number === frameMagic) return this.begin('descriptor', 1);
        if (Math.floor(number / 16) === skippableMagic) return this.begin('skip size', 4);
        return 'broken';
      case 'descriptor':
        this.hasChecksum = (number & 0x04) !== 0;
        return this.begin('header', headerBytes(number));
      case 'header':
        return this.begin('block header', 3);
      case 'block header': {
        this.isLastBlock = (number & 1) === 1;
        const type = (number >> 1) & 3;
        if (type === 3) return 'broken';
        // A run of one byte is stored as that byte.
        return this.begin('block', type === 1 ? 1 : number >> 3);
      }
      case 'block':
        if (!this.isLastBlock) return this.begin('block header', 3);
        return this.hasChecksum ? this.begin('checksum', checksumBytes) : this.complete();
      case 'skip size':
        return number === 0 ? this.complete() : this.begin('skip', number);
      case 'checksum':
      case 'skip':
        return this.complete();
    }
  }

  private begin(step: Step, needed: number): 'go on' {
    this.step = step;
    this.needed = needed;
    this.number = 0;
    this.read = 0;
    return 'go on';
  }

  private complete(): 'complete' {
    this.begin('magic', 4);
    return 'complete';
  }
}

/** Length of the window descriptor, dictionary id and content size that the descriptor announces. */
function headerBytes(descriptor: number): number {
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionaryId = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const contentSize = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  return (isSingleSegment ? 0 : 1) + dictionaryId + contentSize;
}
