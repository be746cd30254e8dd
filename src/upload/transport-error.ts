const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** No answer arrived. */
export class TransportError extends Error {
  override readonly name = 'TransportError';

  private constructor(
    /** The system's or Node's code, e.g. `ECONNREFUSED`; `TIMEOUT` and `ABORTED` are our own. */
    readonly code: string,
    cause: unknown,
  ) {
    // The message of a client may quote a header, and with it the key: only the code is shown.
    super(`no answer (${code})`, { cause });
  }

  static from(error: unknown): TransportError {
    return new TransportError(codeOf(error) ?? codeOf(causeOf(error)) ?? 'UNKNOWN', error);
  }

  /** False where no connection was made: then the server cannot have seen the batch. */
  get mayHaveArrived(): boolean {
    return !neverConnected.has(this.code);
  }

  get isTimeout(): boolean {
    return this.code === 'TIMEOUT' || this.code === 'ETIMEDOUT';
  }

  get isReset(): boolean {
    return this.code === 'ECONNRESET' || this.code === 'EPIPE';
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
