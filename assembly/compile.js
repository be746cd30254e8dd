import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const compiler = fileURLToPath(import.meta.resolve('assemblyscript/bin/asc.js'));
const source = fileURLToPath(new URL('row-scanner.ts', import.meta.url));
/** Enough for the scanner's own tables, its input and its tape. */
const memoryPages = 34;
const settings = ['-O3', '--runtime', 'stub', '--noAssert', '--enable', 'simd,bulk-memory'];

/** The scanner as a TypeScript module that holds its WebAssembly. */
export function scannerModule() {
  const folder = mkdtempSync(join(tmpdir(), 'row-scanner-'));
  const outFile = join(folder, 'scanner.wasm');
  try {
    const output = ['--initialMemory', String(memoryPages), '--outFile', outFile];
    execFileSync(process.execPath, [compiler, source, ...settings, ...output]);
    const code = readFileSync(outFile).toString('base64');
    return `/** WebAssembly of \`assembly/row-scanner.ts\` in base64, written by \`npm run scanner\`. */\nexport const code =\n  '${code}';\n`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
