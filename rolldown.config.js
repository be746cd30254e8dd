import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'rolldown';

/** What the program contains of others comes with their licences. */
const licences = {
  name: 'licences',
  /** @this {import('rolldown').PluginContext} */
  generateBundle() {
    const packages = new Set(
      Array.from(this.getModuleIds(), (id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? ''),
    );
    packages.delete('');
    const texts = Array.from(packages, licenceOf).toSorted();
    this.emitFile({ type: 'asset', fileName: 'LICENSES.txt', source: texts.join('\n\n') });
  },
};

/** @param {string} folder */
function licenceOf(folder) {
  /** @type {{ name: string, version: string }} */
  const { name, version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  if (file === undefined) throw new Error(`${name} has no licence beside it`);
  return `${name} ${version}\n\n${readFileSync(path.join(folder, file), 'utf8').trim()}\n`;
}

/** `--help` alone: see src/cli/constant-answers.ts. */
const help = {
  name: 'help',
  /** @this {import('rolldown').PluginContext} */
  async generateBundle() {
    const { createProgram } = await import('./dist/cli/program.js');
    const { helpWidth } = await import('./dist/cli/constant-answers.js');
    let source = '';
    createProgram('', {})
      .configureOutput({ getOutHelpWidth: () => helpWidth, writeOut: (text) => (source += text) })
      .outputHelp();
    this.emitFile({ type: 'asset', fileName: 'help.txt', source });
  },
};

/** The files are named like the modules of the library, and those are of another kind. */
const packageType = {
  name: 'package-type',
  /** @this {import('rolldown').PluginContext} */
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'package.json', source: '{ "type": "commonjs" }\n' });
  },
};

/**
 * What is loaded together, in this order: modules of these names, with all that they import and no group above has. Left
 * to itself, the bundler makes a file of every few modules that the same commands share: an import of one row would load
 * fifty.
 */
const groups = {
  start: /\/dist\/(?:errors|secrets|cli\/(?:constant-answers|open-output|usage-message))\.js$/,
  command:
    /\/dist\/(?:clock|cli\/(?:interrupts|state-folder)|report\/(?:figures|json|terminal)|trace\/(?:hash|id-table))\.js$/,
  ledger: /\/dist\/ledger\//,
  sources: /\/dist\/sources\/registry\.js$/,
  // Not the worker itself: it begins to work when it is loaded.
  rows: /\/dist\/digest\/(?!digest-worker\.js$)/,
  import: /\/dist\/cli\/commands\/import\.js$/,
  upload: /\/dist\/upload\/upload-plan\.js$/,
};

const everyGroup = {
  name: 'every-group',
  /**
   * @this {import('rolldown').PluginContext}
   * @param {unknown} _options
   * @param {Record<string, unknown>} files
   */
  generateBundle(_options, files) {
    for (const name of Object.keys(groups)) {
      if (!(`${name}.js` in files)) this.error(`no module is named like those of the group ${name}`);
    }
  },
};

/**
 * The program in a few files, with the packages that most runs need: Node takes 0.3 ms to find and load each of two hundred
 * modules, and more where they are ES modules, for which it starts a loader of its own. What is imported on demand stays
 * so. All files lie in one folder of the depth that their modules had, since two of them look for others beside
 * themselves.
 */
export default defineConfig({
  input: { 'respan-import': 'dist/cli/main.js', 'digest-worker': 'dist/digest/digest-worker.js' },
  platform: 'node',
  // Few runs need these.
  external: ['https-proxy-agent', 'yaml'],
  plugins: [licences, help, packageType, everyGroup],
  output: {
    dir: 'dist/program',
    format: 'cjs',
    strict: true,
    codeSplitting: { groups: Object.entries(groups).map(([name, test]) => ({ name, test })) },
    // One character beyond ASCII doubles what Node has to read of a file.
    charset: 'ascii',
    comments: { jsdoc: false },
    externalLiveBindings: false,
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
  },
});
