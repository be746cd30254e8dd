import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);

/**
 * Level 1 takes a fifth of the time of the default, 6, and leaves a quarter more bytes. In large chunks: each is a way to
 * Node's thread pool and back.
 */
const gzipOptions = { level: 1, chunkSize: 256 * 1024 };

/** A request's body as it goes over the wire. */
export interface WireBody {
  bytes: Buffer;
  coding: 'gzip' | undefined;
}

/**
 * Whether the bodies of a run go compressed. Respan's contract does not say that it takes them, so a server that refuses
 * the first ones gets all others plain; so does one that says later that it does not know the coding.
 */
export class ContentCoding {
  /** A server may answer a body that it cannot read with 400, and so it may answer bad spans. */
  private state: 'off' | 'untried' | 'taken';

  constructor(wanted: boolean) {
    this.state = wanted ? 'untried' : 'off';
  }

  /** @param before the same body as it was sent last: a retry is not compressed again */
  async encode(body: Buffer, before?: WireBody): Promise<WireBody> {
    if (this.isOff()) return { bytes: body, coding: undefined };
    if (before?.coding === 'gzip') return before;
    const compressed = await compress(body, gzipOptions);
    // Another one may have been refused meanwhile.
    return this.isOff() ? { bytes: body, coding: undefined } : { bytes: compressed, coding: 'gzip' };
  }

  private isOff(): boolean {
    return this.state === 'off';
  }

  /** True where an answer refuses the coding and not what is coded: unknown (415), or no body that it can read (400). */
  isRefused({ coding }: WireBody, status: number): boolean {
    return coding === 'gzip' && (status === 415 || (status === 400 && this.state !== 'taken'));
  }

  /** From now on bodies go plain. False where they do already: several may be refused at once. */
  turnOff(): boolean {
    const wasOn = this.state !== 'off';
    this.state = 'off';
    return wasOn;
  }

  /** The server took a body. */
  taken({ coding }: WireBody): void {
    if (coding === 'gzip' && this.state === 'untried') this.state = 'taken';
  }
}
