import { readFileSync } from 'node:fs';
import { defineConfig } from 'rolldown';

/** @type {{ dependencies: Record<string, string> }} */
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));

/**
 * The program in a few files: Node takes 0.3 ms to find and load each of two hundred modules. What is imported on demand
 * stays so. All files lie in one folder of the depth that their modules had, since two of them look for others beside
 * themselves.
 */
export default defineConfig({
  input: { 'respan-import': 'dist/cli/main.js', 'digest-worker': 'dist/digest/digest-worker.js' },
  platform: 'node',
  external: Object.keys(dependencies),
  output: { dir: 'dist/program', format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name].js' },
});
