import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Node can read certificates and not make them; `openssl` is on nearly every machine that runs tests. */
export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

export interface Certificate {
  key: Buffer;
  cert: Buffer;
}

/** The name that the certificates are for, beside 127.0.0.1. No resolver knows it. */
export const certifiedName = 'ingest.invalid';

/** A certificate authority that nobody knows, in a folder of its own. */
export class Authority {
  private readonly folder = mkdtempSync(path.join(os.tmpdir(), 'respan-import-authority-'));
  /** Path of its certificate (PEM). */
  readonly file = path.join(this.folder, 'authority.pem');

  constructor() {
    const basics = ['-addext', 'basicConstraints=critical,CA:TRUE', '-days', '30', '-nodes'];
    const output = ['-keyout', this.at('authority.key'), '-out', this.file];
    openssl('req', '-x509', ...ellipticKey, '-subj', '/CN=authority of a test', ...basics, ...output);
  }

  /** Signs a certificate for `names` that holds for `days`; with -1, until yesterday. */
  certify(names = `IP:127.0.0.1,DNS:${certifiedName}`, days = 30): Certificate {
    const key = this.at('leaf.key');
    const request = this.at('leaf.csr');
    const extensions = this.at('extensions');
    const signed = this.at('leaf.pem');
    writeFileSync(extensions, `subjectAltName=${names}\n`);
    openssl('req', ...ellipticKey, '-nodes', '-subj', '/CN=leaf', '-keyout', key, '-out', request);
    const authority = ['-CA', this.file, '-CAkey', this.at('authority.key'), '-CAcreateserial'];
    const contents = ['-in', request, '-extfile', extensions, '-days', String(days), '-out', signed];
    openssl('x509', '-req', ...authority, ...contents);
    return { key: readFileSync(key), cert: readFileSync(signed) };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private at(name: string): string {
    return path.join(this.folder, name);
  }
}

const ellipticKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' });
}
