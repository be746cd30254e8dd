/** Node has it; its types come with those of a browser only. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
    /** So that nothing else passes for one. */
    private readonly brand;
  }

  class Instance<Exports> {
    constructor(module: Module);
    readonly exports: Exports;
  }
}
