import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import tls from 'node:tls';

import { usageError } from '../errors.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The authorities to trust with `--ca-cert`: those of the file beside those that are trusted anyway,
 * `NODE_EXTRA_CA_CERTS` included.
 *
 * @throws ImportError `ca_cert_unreadable` or `bad_ca_cert`
 */
export function findAuthorities(file: string, environment: Environment): string[] {
  return [...trustedAnyway(environment), ...readCertificates(file)];
}

function readCertificates(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file, 'latin1');
  } catch (error) {
    const hint = 'check the path and its permissions';
    throw usageError('ca_cert_unreadable', `--ca-cert: ${file} cannot be read`, hint, error);
  }
  const blocks = certificateBlocks(text);
  if (blocks.length === 0) throw malformed(file, 'holds no certificate');
  blocks.forEach((block, position) => {
    try {
      void new X509Certificate(block);
    } catch (error) {
      throw malformed(file, `holds a certificate that cannot be read (number ${position + 1})`, error);
    }
  });
  return blocks;
}

function malformed(file: string, what: string, cause?: unknown): Error {
  return usageError(
    'bad_ca_cert',
    `--ca-cert: ${file} ${what}`,
    'it takes PEM: -----BEGIN CERTIFICATE-----, as often as there are certificates; openssl x509 -inform der -in FILE makes it of DER',
    cause,
  );
}

function certificateBlocks(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
}

/** Naming authorities to a TLS connection takes the place of Node's own list, so that has to be named too. */
function trustedAnyway(environment: Environment): string[] {
  // From Node 22.15 on; it knows of NODE_EXTRA_CA_CERTS and --use-system-ca.
  const list: unknown = Reflect.get(tls, 'getCACertificates');
  if (typeof list === 'function') {
    const certificates: unknown = Reflect.apply(list, tls, ['default']);
    if (Array.isArray(certificates)) return certificates.filter((one) => typeof one === 'string');
  }
  return [...tls.rootCertificates, ...extraCertificates(environment['NODE_EXTRA_CA_CERTS'])];
}

/** What cannot be read there, Node itself passes over with a warning. */
function extraCertificates(file: string | undefined): string[] {
  if (file === undefined || file === '') return [];
  try {
    return certificateBlocks(readFileSync(file, 'latin1'));
  } catch {
    return [];
  }
}
