/**
 * What was said under a key lately. Transcripts refer back to lines a few places above, so the oldest entries may be
 * forgotten, and the memory does not grow with the input.
 */
export class Recent<Value> {
  private readonly entries = new Map<string, Value>();

  constructor(private readonly capacity = 20_000) {}

  get(key: string): Value | undefined {
    return this.entries.get(key);
  }

  set(key: string, value: Value): void {
    this.entries.delete(key);
    this.entries.set(key, value);
    if (this.entries.size <= this.capacity) return;
    const oldest = this.entries.keys().next();
    if (oldest.done !== true) this.entries.delete(oldest.value);
  }
}
