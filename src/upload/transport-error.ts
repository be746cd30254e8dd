/** How far a request came before it failed. */
export interface Reach {
  /** True once the connection stood, TLS included: from then on the server may have seen the batch. */
  connected: boolean;
  /** Host of the proxy that the request went through. */
  proxy: string | undefined;
}

/** OpenSSL's and Node's codes for a certificate that is not accepted: expired, of an unknown authority, for another name. */
const certificateCode =
  /^(?:CERT_|UNABLE_TO_|(?:DEPTH_ZERO_)?SELF_SIGNED_CERT|INVALID_(?:CA|PURPOSE)$|PATH_LENGTH_EXCEEDED$|HOSTNAME_MISMATCH$|ERR_TLS_CERT_)/;

/** No answer arrived. */
export class TransportError extends Error {
  override readonly name = 'TransportError';

  private constructor(
    /** The system's or Node's code, e.g. `ECONNREFUSED`; `TIMEOUT` and `ABORTED` are our own. */
    readonly code: string,
    private readonly reach: Reach,
    cause: unknown,
  ) {
    const way = reach.proxy === undefined ? '' : ` through the proxy ${reach.proxy}`;
    // The message of a client may quote a header, and with it the key: only the code is shown.
    super(`no answer${way} (${code})`, { cause });
  }

  static from(error: unknown, reach: Reach): TransportError {
    return new TransportError(codeOf(error) ?? codeOf(causeOf(error)) ?? 'UNKNOWN', reach, error);
  }

  /** False where no connection was made: then the server cannot have seen the batch. */
  get mayHaveArrived(): boolean {
    return this.reach.connected;
  }

  get isTimeout(): boolean {
    return this.code === 'TIMEOUT' || this.code === 'ETIMEDOUT';
  }

  /** Of a connection that stood. */
  get isReset(): boolean {
    return this.reach.connected && (this.code === 'ECONNRESET' || this.code === 'EPIPE');
  }

  /** The server showed a certificate that is not accepted: another try meets the same one. */
  get isUntrusted(): boolean {
    return !this.reach.connected && certificateCode.test(this.code);
  }

  /** The other side speaks no TLS, or none that this program can. */
  get isNoTls(): boolean {
    return !this.reach.connected && (this.code === 'EPROTO' || this.code.startsWith('ERR_SSL_'));
  }
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? code : undefined;
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
