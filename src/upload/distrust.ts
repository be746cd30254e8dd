import type { Verdict } from '../targets/target.js';
import type { TransportError } from './transport-error.js';

/** What to do about a connection that failed before anything was sent over it, and that would fail again. */
export function distrust(error: TransportError): Extract<Verdict, { kind: 'stop' }> {
  if (error.isNoTls) {
    return {
      kind: 'stop',
      exit: 'destination',
      code: 'no_tls',
      reason: `no TLS connection could be made: ${error.message}`,
      hint: 'check the port and the scheme of --base-url: this port may speak plain http, or a TLS that is too old',
    };
  }
  return {
    kind: 'stop',
    exit: 'destination',
    code: 'certificate_refused',
    reason: `the server's certificate is not accepted: ${error.message}`,
    hint: hintFor(error.code),
  };
}

function hintFor(code: string): string {
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return 'the certificate is out of date: have it renewed, or set the clock of this machine; then run again';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH')
    return 'the certificate is for another host: check --base-url, and whether a proxy stands between';
  return 'if the server or a proxy has an authority of its own, give its certificate with --ca-cert';
}
