import { writeFileSync } from 'node:fs';
import { scannerModule } from './compile.js';

writeFileSync(new URL('../src/digest/row-scanner-code.ts', import.meta.url), scannerModule());
